using System.Globalization;
using RnnLm.Cli.Models;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.DataSets;

/// <summary>What is asked for each column, as it was given on the command line.</summary>
internal sealed class RowColumns
{
    public const string Training = "train", Uniform = "uniform";

    /// <summary>Gets the columns: the name of each, and the path of its model.</summary>
    public required IReadOnlyList<(string Name, string Path)> Columns { get; init; }

    /// <summary>Gets the paths of the models.</summary>
    public string[] Paths => [.. Columns.Select(column => column.Path)];

    public required ILookup<string, string> Patterns { get; init; }

    public required ILookup<string, string> Validators { get; init; }

    public required ILookup<string, string> NotIn { get; init; }

    public required ILookup<string, string> Conditions { get; init; }

    public required ILookup<string, string> ConditionWeights { get; init; }

    public required ILookup<string, string> ConditionColumns { get; init; }

    public required ILookup<string, string> Prompts { get; init; }

    public required ILookup<string, string> PromptFiles { get; init; }

    public required ILookup<string, string> PromptColumns { get; init; }

    public required ISet<string> New { get; init; }

    public required ISet<string> Unique { get; init; }

    /// <summary>Gets the paths of the files that are read besides the models.</summary>
    public IEnumerable<string> Files =>
    [
        .. NotIn.SelectMany(group => group), .. PromptFiles.SelectMany(group => group),
        .. ConditionWeights.SelectMany(group => group).Where(weights => weights is not (Training or Uniform)),
    ];

    /// <summary>Finds the columns that are meant.</summary>
    /// <param name="model">The model of the first column, called <c>Text</c>, or null.</param>
    /// <param name="columns">Further columns, as <c>NAME=MODEL</c>.</param>
    /// <exception cref="UsageException">There is no column, or one is not as it should be.</exception>
    public static IReadOnlyList<(string Name, string Path)> Find(string? model, IReadOnlyList<string> columns)
    {
        var found = new List<(string Name, string Path)>();
        if (model is not null)
            found.Add(("Text", model));
        foreach (string column in columns)
        {
            int equals = column.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == column.Length - 1)
                throw new UsageException($"--column: '{column}' is not a name, an equals sign and a model, such as Name=names.zip.");
            if (found.Any(other => other.Name == column[..equals]))
                throw new UsageException($"--column: there are two columns called '{column[..equals]}'.");
            found.Add((column[..equals], column[(equals + 1)..]));
        }

        return found.Count > 0 ? found
            : throw new UsageException(
                "MODEL is missing: name a model file, or columns by --column NAME=MODEL. See 'rnnlm generate --help'.");
    }

    /// <summary>Loads the models, each once.</summary>
    public Dictionary<string, RnnLanguageModel> Load(DeviceOptions device, CommandContext context) =>
        Paths.Distinct(StringComparer.Ordinal)
            .ToDictionary(path => path, path => ModelFile.Load(path, device, context), StringComparer.Ordinal);

    /// <summary>Makes the columns.</summary>
    /// <param name="models">The models by their paths.</param>
    /// <param name="sampling">Sets how texts are drawn.</param>
    /// <param name="source">How the files of <see cref="NotIn"/> are read.</param>
    /// <param name="context">Where warnings go.</param>
    public GenerateColumn[] Make(
        IReadOnlyDictionary<string, RnnLanguageModel> models, Action<SamplingOptions> sampling, SourceOptions source,
        CommandContext context) =>
        [.. Columns.Select(column => Make(column.Name, models[column.Path], sampling, source, context))];

    private GenerateColumn Make(
        string name, RnnLanguageModel model, Action<SamplingOptions> sampling, SourceOptions source, CommandContext context)
    {
        SamplingOptions options = model.Sampling;
        (options.NumSamples, options.Beams, options.IncludePrompt) = (1, 1, model.Mode != DataMode.Pairs);
        sampling(options);
        if (Patterns[name].SingleOrDefault() is { } pattern)
            options.Pattern = pattern;
        return new GenerateColumn(model, name)
        {
            Sampling = options,
            New = New.Contains(name),
            Unique = Unique.Contains(name),
            NotIn = NotIn[name].Any() ? Texts(source.Find(NotIn[name], context.Warn), source, model.Mode) : null,
            Validator = All([.. Validators[name].Select(NamedValidators.Find)]),
            ConditionWeights = Weights(name, model),
            ConditionColumn = ConditionColumns[name].SingleOrDefault(),
            Prompts = ReadPrompts(name),
            PromptColumn = PromptColumns[name].SingleOrDefault(),
        };
    }

    /// <summary>A text file has a text in each line, whatever the model was trained on.</summary>
    private static IEnumerable<TextRow> Texts(IReadOnlyList<TextFile> files, SourceOptions source, DataMode mode) =>
        new TextData(files, source, mode == DataMode.Pairs ? mode : DataMode.Rows).Rows();

    private static Func<string, bool>? All(Func<string, bool>[] validators) =>
        validators.Length == 0 ? null : text => Array.TrueForAll(validators, validator => validator(text));

    private ConditionWeights? Weights(string name, RnnLanguageModel model)
    {
        if (Conditions[name].SingleOrDefault() is { } condition)
        {
            ConditionNames.Find(model.Conditions, condition);
            return !ConditionWeights[name].Any() ? RnnLm.ConditionWeights.Only(condition)
                : throw new UsageException("--condition and --condition-weights say the same: leave one of them out.");
        }

        return ConditionWeights[name].SingleOrDefault() switch
        {
            null => null,
            Training => RnnLm.ConditionWeights.Training,
            Uniform => RnnLm.ConditionWeights.Uniform,
            { } path => RnnLm.ConditionWeights.Given(ReadWeights(path)),
        };
    }

    private static Dictionary<string, double> ReadWeights(string path)
    {
        if (!InputFile.Exists(path))
        {
            throw new UsageException($"--condition-weights: '{path}' is neither {Training} nor {Uniform}, nor a file. "
                + "In a file, each line has a condition, a tab and a number.");
        }

        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in new TextFile(path).ReadLines())
        {
            number++;
            if (line.Length == 0)
                continue;
            int tab = line.LastIndexOf('\t');
            if (tab < 1 || !double.TryParse(line.AsSpan(tab + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                || !double.IsFinite(weight) || weight < 0)
            {
                throw new FormatException(
                    $"{path}:{number}: there should be a condition, a tab and a number of at least 0, such as 3 or 0.25.");
            }

            if (!weights.TryAdd(line[..tab], weight))
                throw new FormatException($"{path}:{number}: the condition '{line[..tab]}' is given a second time.");
        }

        return weights;
    }

    private string[]? ReadPrompts(string name)
    {
        string[] given = [.. Prompts[name]];
        string[] files = [.. PromptFiles[name]];
        if (given.Length > 0 && files.Length > 0)
            throw new UsageException("--prompt and --prompts say the same: leave one of them out.");
        if (files.FirstOrDefault(file => !InputFile.Exists(file)) is { } missing)
            throw new UsageException($"--prompts: '{missing}' {InputFile.Missing(missing)}. Give a text file with a prompt in each line.");
        string[] read = [.. given, .. files.SelectMany(file => new TextFile(file).ReadLines())];
        if (files.Length > 0 && read.Length == 0)
            throw new UsageException($"--prompts: '{files[0]}' is empty. Give a text file with a prompt in each line.");
        return read.Length == 0 ? null : read;
    }
}
