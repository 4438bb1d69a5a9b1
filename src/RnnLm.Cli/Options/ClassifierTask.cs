using RnnLm.Classification;
using RnnLm.Cli.Progress;
using RnnLm.Cli.Sources;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.Cli.Options;

/// <summary>To train a classifier on lines of a label, a tab and a text.</summary>
internal sealed class ClassifierTask : TaskKind
{
    public override TrainingTask Task => TrainingTask.Classify;

    public override string Models => "classifiers";

    public override string Signature => MemberSignature.TextClassifier;

    public override bool ReadsLabels => true;

    public override TargetWords Words => TargetWords.Texts;

    public override string CodeName => "RnnTextClassification";

    public override string WebTemplate => "web-classifier.cs";

    public override string InputOption => "Text";

    public override string OutputOption => "Score";

    public override string OutputProperty => "Score";

    public override Type OptionsType => typeof(TextClassifierOptions);

    public override TrainerOptions Options(TrainingConfig config) => config.Classifier;

    public override DataMode Mode(TrainingConfig config) => DataMode.Rows;

    public override void Keep(PreviousModel previous, TrainingConfig config) => previous.Keep(config.Classifier);

    public override SavedModel Train(TextData training, TextData? validation, TrainingConfig config, SavedModel? previous)
    {
        var trainer = new TextClassifierTrainer(new TextClassifierOptions(config.Classifier), EngineSelector.Default)
        {
            IsSet = config.IsSet
        };
        return trainer.Train(training.Labelled(), validation?.Labelled(), previous);
    }

    public override string? Category(SourceOptions source) => "Label";

    public override string? CategoryColumn(SourceOptions source) => source.LabelColumn;

    public override void SetCategoryColumn(SourceOptions source, string? column) =>
        (source.ConditionColumn, source.LabelColumn) = (null, column);
}
