using System.Globalization;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Engines;

namespace RnnLm.Cli.CodeGeneration;

/// <summary>What code is written for: a model, by the configuration that makes it.</summary>
internal sealed class GeneratedModel
{
    /// <param name="config">The configuration, whose files are named from the working directory.</param>
    /// <param name="fileName">The name of the files, without extension.</param>
    /// <param name="folder">The folder that the code goes to: in it, files are named from there.</param>
    /// <param name="namespaceName">The namespace, or null for one that goes by the name.</param>
    /// <param name="source">What the code comes from.</param>
    /// <exception cref="UsageException">The configuration asks for what the code can't do; or it is wrong.</exception>
    public GeneratedModel(TrainingConfig config, string fileName, string folder, string? namespaceName, string source)
    {
        config.Check();
        (Config, FileName, Source, Name) = (config, fileName, source, CSharp.Identifier(fileName));
        Namespace = namespaceName ?? Name + "App";
        if (!CSharp.IsNamespace(Namespace))
            throw new UsageException($"--namespace: '{Namespace}' can't be a namespace.");
        SourceOptions data = config.Source;
        if (data.Files.Count == 0)
            throw new UsageException($"'{source}' names no files: set source.files.");
        IsTable = data.IsTable(data.Files[0]);
        if (IsTable)
            (TextIndex, TargetIndex, CategoryIndex) = Columns(config);
        else if (config.Mode == DataMode.Stream)
            config.Options.Data.RowSeparator = "";
        (Files, Validation) = (From(folder, data.Files), From(folder, data.Validation));
        Previous = config.Previous is null ? null : From(folder, [config.Previous])[0];
    }

    public TrainingConfig Config { get; }

    /// <summary>Gets the name of the files.</summary>
    public string FileName { get; }

    /// <summary>Gets the name of the class.</summary>
    public string Name { get; }

    public string Namespace { get; }

    /// <summary>Gets the name of what the code comes from.</summary>
    public string Source { get; }

    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<string> Validation { get; }

    public string? Previous { get; }

    public bool IsTable { get; }

    public int TextIndex { get; }

    public int? TargetIndex { get; }

    public int? CategoryIndex { get; }

    public bool HasTarget => Config.Mode == DataMode.Pairs;

    /// <summary>Gets the column that rows have beside text: a condition or a label; or null.</summary>
    public string? Category => Config.Kind.Category(Config.Source);

    public bool HasCondition => Category == "Condition";

    /// <summary>Gets the properties of the input, and the numbers of their columns in a table.</summary>
    public IEnumerable<(string Name, int? Index)> Fields
    {
        get
        {
            yield return ("Text", TextIndex);
            if (HasTarget)
                yield return ("Target", TargetIndex);
            if (Category is { } category)
                yield return (category, CategoryIndex);
        }
    }

    /// <summary>Gets the properties of the input in the order in which the tool reads them from a line: the category first.</summary>
    public IEnumerable<string> LineParts => Fields.Select(column => column.Name).OrderBy(name => name != Category);

    /// <summary>Gets the number of the GPU that the model is trained on by name, or null.</summary>
    public int? Gpu => Config.Options.Device.Device is { } device && device.StartsWith("cuda", StringComparison.OrdinalIgnoreCase)
        ? ComputeDevice.Parse(device).Index : null;

    private static (int Text, int? Target, int? Category) Columns(TrainingConfig config)
    {
        (SourceOptions source, DataMode mode) = (config.Source, config.Mode);
        string? category = config.Kind.CategoryColumn(source);
        string?[] names = [source.TextColumn, mode == DataMode.Pairs ? source.TargetColumn : null, category];
        int?[] numbers = [.. names.Select(Number)];
        bool numbered = names.Zip(numbers).All(column => column.First is null || column.Second is not null);
        bool there = File.Exists(source.Files[0]);
        if (!there && numbered && numbers[0] is { } text)
            return (text, numbers[1], numbers[2]);
        if (!there)
        {
            throw new UsageException($"'{source.Files[0]}' does not exist. It is needed to find the columns by their names; "
                + "or give them by their numbers, from 0.");
        }

        IEnumerable<string> others = source.Files.Skip(1).Concat(source.Validation).Where(File.Exists);
        TableFile[] tables = [.. source.Find([source.Files[0], .. others])
            .Select(file => new TableFile(file, source, mode, config.Kind.ReadsLabels))];
        if (Array.Find(tables, table => table.Places != tables[0].Places) is { } other)
        {
            throw new UsageException($"the columns stand at other places in '{other.Path}' than in '{tables[0].Path}', and the code finds "
                + "them by their numbers, the same in all files. Give the files the same columns in the same order.");
        }

        return tables[0].Places;
    }

    private static int? Number(string? column) =>
        int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string[] From(string folder, IEnumerable<string> paths) =>
        [.. paths.Select(path => Path.GetRelativePath(folder, Path.GetFullPath(path)).Replace('\\', '/'))];
}
