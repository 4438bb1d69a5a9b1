using RnnLm.Cli.Progress;
using RnnLm.Cli.Sources;
using RnnLm.Diagnostics;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Options;

/// <summary>To train a classifier on lines of a label, a tab and a text.</summary>
internal sealed class ClassifierTask : TaskKind
{
    public override bool ReadsLabels => true;

    public override TargetWords Words => TargetWords.Texts;

    public override string CodeName => "RnnTextClassification";

    public override string WebTemplate => "web-classifier.cs";

    public override string InputOption => "Text";

    public override string OutputOption => "Score";

    public override string OutputProperty => "Score";

    public override void Check(TrainingConfig config)
    {
        // Each line is a text; a running text, the default of language models, has no labels.
        if (!config.IsSet(OptionIds.Mode))
            config.Options.Data.Mode = DataMode.Rows;
        OptionsOf(config).Validate();
    }

    public override void Keep(PreviousModel kept, RnnLanguageModel previous, TrainingConfig config) =>
        kept.StartFrom(config.Options.Model, config.Options.Vocabulary);

    public override SavedModel Train(TextData training, TextData? validation, TrainingConfig config, RnnLanguageModel? previous)
    {
        using RnnTextClassifier trained = RnnTextClassifier.Train(training.Labelled(), OptionsOf(config), validation?.Labelled(), previous);
        return trained.Saved;
    }

    public override string? Category(SourceOptions source) => "Label";

    public override string? CategoryColumn(SourceOptions source) => source.LabelColumn;

    public override void SetCategoryColumn(SourceOptions source, string? column) =>
        (source.ConditionColumn, source.LabelColumn) = (null, column);

    public override (string Name, object Options) OwnOptions(TrainingConfig config) => ("Classifier", config.Classifier);

    private static TextClassifierOptions OptionsOf(TrainingConfig config) => new()
    {
        Model = config.Options.Model,
        Classifier = config.Classifier,
        Vocabulary = config.Options.Vocabulary,
        Data = config.Options.Data,
        Optimizer = config.Options.Optimizer,
        Training = config.Options.Training,
        Device = config.Options.Device,
    };
}
