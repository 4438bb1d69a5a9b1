using System.CommandLine;
using RnnLm.Cli.Configuration;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Progress;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Files;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;
using RnnLm.Training;

namespace RnnLm.Cli.Commands;

/// <summary>Trains a model on text files.</summary>
internal sealed class TrainCommand : CliCommand
{
    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = $"text files, tables (*.csv), folders with *.txt; or a configuration (*{TrainingConfig.Extension}), above which "
            + "options given here are set",
        Arity = ArgumentArity.OneOrMore
    };
    private readonly Option<bool> _force =
        new("--force", "-f") { Description = "replace the output, and begin anew over a checkpoint, if they exist" };
    private readonly Option<bool> _json = CommonOptions.Json("print progress and result as lines of JSON");
    private readonly TrainingOptionGroups _groups = new();

    public TrainCommand()
        : base("train", "trains a model on text, and saves it as a zip that ML.NET loads too. Ctrl+C stops and keeps the best weights so "
            + "far.")
    {
        Examples =
        [
            "rnnlm train shakespeare.txt --minutes 3",
            "rnnlm train names.txt --mode rows --cell gru --hidden-size 128 --epochs 20 --output names.zip",
            "rnnlm train orders.csv --text-column Message --mode rows --device cuda:1",
            $"rnnlm train orders{TrainingConfig.Extension} --epochs 5",
            "rnnlm train countries.tsv --task classify --cell gru --layers 2",
            "rnnlm train corpus/ --checkpoint run.checkpoint --resume",
        ];
        Add(_inputs);
        foreach (Option option in (Option[])[_force, _json])
            Add(option);
        foreach (OptionGroup group in _groups.All)
            AddGroup(group);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        TrainingConfig config = Read(parse, context);
        // What the previous model decides is settled before options are checked against each other.
        SavedModel? previous = Previous(config, context);
        config.Check();
        bool json = parse.GetValue(_json);
        LanguageModelOptions options = config.Options;
        var display = TrainingDisplay.Create(context, json, options.Training.Epochs, config.Kind.Words);
        OptionMessage from = config.File is null ? _inputs.Name : (OptionMessage)$"{SourceIds.Files}";
        InputFile.RefuseTwice([.. config.Source.Files.Select(path => (from, path)),
            .. config.Source.Validation.Select(path => ((OptionMessage)$"{SourceIds.Validation}", path))]);
        TextData training = Find(config.Source.Files, SourceIds.Files, config, display, "Training", context);
        TextData? validation = config.Source.Validation is { Count: > 0 } files
            ? Find(files, SourceIds.Validation, config, display, "Validating", context)
            : null;
        options.Training.Progress = display;
        options.Training.Log = display;
        options.Training.CancellationToken = context.Stop;
        options.Training.OverwriteCheckpoint = parse.GetValue(_force);

        string[] inputs = [.. training.Paths, .. validation?.Paths ?? [], .. new[] { config.File, config.Previous }.OfType<string>()];
        string path = config.Output ?? NameOf(config.Source.Files[0]) + ".zip";
        using OutputFile output = OutputFile.Reserve(
            path, inputs, parse.GetValue(_force) || IsGoneOnWith(path, training, options.Training), context, option: SourceIds.Output);
        if (options.Training.CheckpointPath is { } checkpoint)
        {
            OutputFile.RefuseInputs(checkpoint, inputs, OptionIds.CheckpointPath);
            if (FileIdentity.AreSame(checkpoint, output.Path))
                throw new UsageException($"{SourceIds.Output} and {OptionIds.CheckpointPath} name one file, '{checkpoint}'. Name two.");
        }

        SavedModel trained = display.Run(() => Train(training, validation, config, previous));
        output.Save(file => ModelArchive.Save(file, TrainedModel.Describe(trained, config, training, validation)));
        TrainingReport.Write(context, json, output.Path, trained);
        return context.Stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    /// <summary>Loads the model to go on from, and sets what it decides.</summary>
    /// <exception cref="OptionsException">Options are set that ask for what the model is not.</exception>
    private static SavedModel? Previous(TrainingConfig config, CommandContext context)
    {
        if (config.Previous is null)
            return null;
        SavedModel previous = ModelFile.Read(config.Previous, context, config.Kind.Signature, SourceIds.Previous);
        config.Kind.Keep(new PreviousModel(previous, config.IsSet), config);
        return previous;
    }

    /// <summary>Finds the data, and says what is read where the command line does not say it.</summary>
    private static TextData Find(IReadOnlyList<string> inputs, OptionId from, TrainingConfig config, TrainingDisplay display, string use,
        CommandContext context)
    {
        void Warn(OptionMessage text) => display.Report(new LogMessage(LogSeverity.Warning, text));
        IReadOnlyList<TextFile> files = config.Source.Find(inputs, text => Warn(text), from, context.OpenInput, context.Stop);
        var data = new TextData(files, config.Source, config.Mode, config.Kind.ReadsLabels);
        foreach (OptionMessage warning in data.Warnings)
            Warn(warning);
        if (inputs.Count > 1 || Directory.Exists(inputs[0]))
            display.Report(new LogMessage(LogSeverity.Info, $"{use} on {data.Summary}."));
        return data;
    }

    /// <summary>Returns a name for what comes of a file or a folder.</summary>
    /// <exception cref="UsageException">It is the standard input or a pipe, which has none.</exception>
    private static string NameOf(string input)
    {
        if (input == TextFile.StandardInput || InputFile.IsReadOnce(input))
        {
            string source = input == TextFile.StandardInput ? "the standard input" : $"the pipe or device '{input}'";
            throw new UsageException($"{source} has no name for a model: name the model by {SourceIds.Output}.");
        }

        if (!Directory.Exists(input))
            return Path.GetFileNameWithoutExtension(input);
        string name = new DirectoryInfo(input).Name;
        // The root of a volume has none that a file could have.
        return name.Length == 0 || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 ? "model" : name;
    }

    /// <summary>Tells whether a model is what an interrupted training has left beside the checkpoint that it is resumed from.</summary>
    private static bool IsGoneOnWith(string path, TextData training, TrainingOptions options)
    {
        if (!options.Resume || !File.Exists(path) || !File.Exists(options.CheckpointPath))
            return false;
        try
        {
            SavedModel model = ModelArchive.Load(path);
            // A private model does not keep its seed.
            bool same = model.Training?.Privacy is { } privacy ? privacy.NoiseMultiplier == options.PrivacyNoise
                : model.Training?.Seed == TrainingCheckpoint.SeedOf(options.CheckpointPath);
            return same && model.Metadata.GetValueOrDefault(TrainedModel.DataKey) == training.Description;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static SavedModel Train(TextData training, TextData? validation, TrainingConfig config, SavedModel? previous)
    {
        try
        {
            return config.Kind.Train(training, validation, config, previous);
        }
        catch (TextDataException e) when (e.SourceName is null)
        {
            // The library knows rows, not files. It reads the data for validation after those for training.
            (string source, long? line) = (validation?.IsRead == true ? validation : training).Place(row: e.Line is not null);
            throw e.In(source, line);
        }
    }

    /// <summary>Reads the configuration, if there is one, and sets above it what was given.</summary>
    private TrainingConfig Read(ParseResult parse, CommandContext context)
    {
        string[] inputs = parse.GetValue(_inputs)!;
        string? file = inputs.FirstOrDefault(input => input.EndsWith(".json", StringComparison.OrdinalIgnoreCase));
        if (file is not null && inputs.Length > 1)
            throw new UsageException($"'{file}' is a configuration, which names its files itself; give it alone.");
        TrainingConfig config = file is null ? new() : ConfigReader.ReadFile(file);
        if (file is null)
            config.Source.Files = inputs;
        else if (config.Source.Files.Count == 0)
            throw new UsageException($"'{file}' names no files: set source.files.");
        if (file is not null)
            config.Output ??= Path.Combine(Path.GetDirectoryName(file) ?? "", ConfigFile.NameOf(file) + ".zip");
        _groups.Apply(parse, config);
        if (file is not null)
            context.Words = new ConfigWords(config, new FlagWords(Groups, parse: parse));
        return config;
    }
}
