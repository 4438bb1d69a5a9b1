using System.CommandLine;

namespace RnnLm.Cli;

/// <summary>Trains a model on text files.</summary>
internal sealed class TrainCommand : CliCommand
{
    private readonly Option<TrainingTask> _task = OptionGroup.Make<TrainingTask>("--task", "what is trained: a language model, or a classifier on lines of a label, a tab and a text [language-model]");
    private readonly Argument<string[]> _inputs = new("INPUT") { Description = "text files, or folders with *.txt", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "model file to write [the first input's name with .zip]", HelpName = "FILE" };
    private readonly Option<string[]> _validation = new("--validation") { Description = "text files to watch the loss on, in place of a share of the data", HelpName = "FILE" };
    private readonly Option<string?> _previous = new("--previous") { Description = "model to train further, whose network and characters are kept; with --task classify a language model to start from", HelpName = "MODEL" };
    private readonly Option<bool> _conditions = new("--conditions") { Description = "each line begins with a condition and a tab (rows, pairs)" };
    private readonly Option<string?> _encoding = CommonOptions.Encoding();
    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace the output if it exists" };
    private readonly Option<bool> _json = CommonOptions.Json("print progress and result as lines of JSON");
    private readonly TrainingOptionGroups _groups = new();
    private readonly OptionGroup<ClassifierOptions> _classifier = ClassifierOptionGroup.Create();

    public TrainCommand()
        : base("train", "trains a model on text, and saves it as a zip that ML.NET loads too. Ctrl+C stops and keeps the best weights so far.")
    {
        Examples =
        [
            "rnnlm train shakespeare.txt --minutes 3",
            "rnnlm train names.txt --mode rows --cell gru --hidden-size 128 --epochs 20 --output names.zip",
            "rnnlm train countries.tsv --task classify --cell gru --layers 2",
            "rnnlm train corpus/ --checkpoint run.checkpoint --resume",
        ];
        Add(_inputs);
        foreach (Option option in (Option[])[_task, _output, _validation, _previous, _conditions, _encoding, _force, _json])
            Add(option);
        foreach (OptionGroup group in _groups.All)
            AddGroup(group);
        AddGroup(_classifier);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        var options = new LanguageModelOptions();
        _groups.Apply(parse, options);
        ClassifierTraining? classifier = parse.GetValue(_task) == TrainingTask.Classify ? Classifier(parse, options) : null;
        if (classifier is null)
            CheckOptions(options);
        else
            classifier.CheckOptions();
        TextData training = Data(parse.GetValue(_inputs)!, parse, options);
        TextData? validation = parse.GetValue(_validation) is { Length: > 0 } files ? Data(files, parse, options) : null;
        bool json = parse.GetValue(_json);
        var display = TrainingDisplay.Create(context, json, options.Training.Epochs, classifies: classifier is not null);
        options.Training.Progress = display;
        options.Training.Log = display;
        options.Training.CancellationToken = context.Stop;

        string path = parse.GetValue(_output) ?? training.Name + ".zip";
        using OutputFile output = OutputFile.Reserve(path, parse.GetValue(_force) || options.Training.Resume, context);
        using RnnLanguageModel? previous = parse.GetValue(_previous) is { } model ? ModelFile.Load(model, options.Device, context) : null;
        SavedModel trained = display.Run(() => classifier is null
            ? Train(training, validation, options, previous)
            : classifier.Train(training.Rows(), validation?.Rows(), previous));
        ModelArchive.Save(output.Path, trained with { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["data"] = training.Description } });
        TrainingReport.Write(context, json, output.Path, trained);
        return context.Stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    private static SavedModel Train(TextData training, TextData? validation, LanguageModelOptions options, RnnLanguageModel? previous)
    {
        using RnnLanguageModel trained = RnnLanguageModel.Train(training.Rows(), options, validation?.Rows(), previous);
        return trained.Saved;
    }

    private ClassifierTraining Classifier(ParseResult parse, LanguageModelOptions options)
    {
        var classifier = new ClassifierOptions();
        _classifier.Apply(parse, classifier);
        // Each line is a text; a running text, the default of language models, has no labels.
        if (options.Data.Mode == DataMode.Stream)
            options.Data.Mode = DataMode.Rows;
        return new ClassifierTraining(options, classifier);
    }

    private static void CheckOptions(LanguageModelOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private TextData Data(string[] inputs, ParseResult parse, LanguageModelOptions options)
    {
        bool labels = parse.GetValue(_task) == TrainingTask.Classify;
        System.Text.Encoding? encoding = parse.GetValue(_encoding) is { } name ? TextEncodings.Parse(name) : null;
        return new TextData(TextFile.Find(inputs, encoding), options.Data, parse.GetValue(_conditions) || labels, labels ? "label" : "condition");
    }
}
