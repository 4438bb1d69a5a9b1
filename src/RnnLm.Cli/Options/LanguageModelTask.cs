using RnnLm.Cli.Progress;
using RnnLm.Cli.Sources;
using RnnLm.Diagnostics;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.Cli.Options;

/// <summary>To train a model that writes and scores text.</summary>
internal sealed class LanguageModelTask : TaskKind
{
    public override TrainingTask Task => TrainingTask.LanguageModel;

    public override string Models => "language models";

    public override string Signature => MemberSignature.LanguageModel;

    public override bool ReadsLabels => false;

    public override TargetWords Words => TargetWords.Characters;

    public override string CodeName => "RnnLanguageModel";

    public override string WebTemplate => "web.cs";

    public override string InputOption => "Input";

    public override string OutputOption => "Output";

    public override string OutputProperty => "Continuation";

    public override Type OptionsType => typeof(LanguageModelOptions);

    public override TrainerOptions Options(TrainingConfig config) => config.Options;

    public override DataMode Mode(TrainingConfig config) => config.Options.Data.Mode;

    public override void Keep(PreviousModel previous, TrainingConfig config)
    {
        if (previous.Model.Signature != Signature)
        {
            throw new OptionsException(SourceIds.Previous, $"names a classifier. Set {SourceIds.Task.Set(TrainingTask.Classify)} to train "
                + $"it further, or name a language model");
        }

        previous.Continue(config.Options);
        if (config.Source.HasConditions && previous.Model.Conditions.Count == 0 && !config.Options.Vocabulary.Grow)
        {
            throw new OptionsException(config.Source.Conditions ? SourceIds.Conditions : SourceIds.ConditionColumn,
                $"can't be learned by the previous model, which has no conditions; set {OptionIds.Grow} to add them, leave it out, "
                + $"or train a new model");
        }
    }

    public override SavedModel Train(TextData training, TextData? validation, TrainingConfig config, SavedModel? previous)
    {
        // The rows hold what stands between them, which may not be the same in both.
        config.Options.Data.RowSeparator = "";
        SavedModel trained = new LanguageModelTrainer(new LanguageModelOptions(config.Options), EngineSelector.Default)
            .Train(training.HashedRows(), validation?.Rows(), previous);
        return trained with { RowSeparator = training.RowSeparator };
    }

    public override string? Category(SourceOptions source) => source.HasConditions ? "Condition" : null;

    public override string? CategoryColumn(SourceOptions source) => source.ConditionColumn;

    public override void SetCategoryColumn(SourceOptions source, string? column) =>
        (source.ConditionColumn, source.LabelColumn) = (column, null);
}
