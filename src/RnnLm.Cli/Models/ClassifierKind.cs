using RnnLm.Cli.Progress;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Models;

/// <summary>How text classifiers are told of.</summary>
internal sealed class ClassifierKind : ModelKind
{
    public override string Name => "text classifier";

    public override TargetWords Words => TargetWords.Texts;

    protected override string Advice => "Ask it for labels by rnnlm classify.";

    public override string Title(SavedModel model) => $"Text classifier, {model.Classes.Count} classes";

    public override string TrainedOn(SavedModel model) => "texts, each with its class";

    public override string PerTarget(double nats) => "text";

    public override string EvaluationFigures(TrainingProgress evaluation) =>
        $", accuracy {evaluation.ValidationAccuracy:F4}, macro F1 {evaluation.ValidationMacroF1:F4}";

    public override string ValidationQuality(double nats, TrainingSummary summary) =>
        $"accuracy {Kept(summary)?.ValidationAccuracy:F4}, macro F1 {Kept(summary)?.ValidationMacroF1:F4}";

    public override string TrainingQuality(double nats) => "";

    public override IEnumerable<(string Name, string Value)> Figures(double nats, TrainingSummary summary)
    {
        if (Kept(summary)?.ValidationAccuracy is double accuracy)
            yield return ("accuracy", $"{accuracy:P1}");
    }
}
