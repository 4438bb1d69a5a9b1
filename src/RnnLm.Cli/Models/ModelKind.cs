using RnnLm.Cli.Progress;
using RnnLm.ModelFiles;
using RnnLm.Modeling;

namespace RnnLm.Cli.Models;

/// <summary>How a kind of model is told of: chosen once, by the model.</summary>
internal abstract class ModelKind
{
    /// <summary>The kind that writes text.</summary>
    public static readonly ModelKind LanguageModel = new LanguageModelKind();

    /// <summary>The kind that tells the label of a text.</summary>
    public static readonly ModelKind Classifier = new ClassifierKind();

    /// <summary>Gets what the kind is called.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the words for what is predicted.</summary>
    public abstract TargetWords Words { get; }

    /// <summary>Gets what to do with a model of this kind where one of the other is needed.</summary>
    protected abstract string Advice { get; }

    /// <summary>Returns the kind of a model.</summary>
    public static ModelKind Of(SavedModel model) => model.Config.Task == ModelTask.Classification ? Classifier : LanguageModel;

    /// <summary>Refuses a model of another kind.</summary>
    /// <exception cref="FormatException">It is of another kind; the message says of which, and what to do.</exception>
    public void Require(SavedModel model, string path)
    {
        if (Of(model) is var found && found != this)
            throw new FormatException($"'{path}' holds a {found.Name}, not a {Name}. {found.Advice}");
    }

    /// <summary>Returns the heading of a model's report.</summary>
    public abstract string Title(SavedModel model);

    /// <summary>Says what the rows were that the model was trained on.</summary>
    public abstract string TrainedOn(SavedModel model);

    /// <summary>Says what a loss is a mean over, and in other words what it means.</summary>
    public abstract string PerTarget(double nats);

    /// <summary>Says the figures of an evaluation beside its loss, each after a comma.</summary>
    public abstract string EvaluationFigures(TrainingProgress evaluation);

    /// <summary>Says the quality of the weights that were kept.</summary>
    public abstract string ValidationQuality(double nats, TrainingSummary summary);

    /// <summary>Says the quality where only the training loss is known, in brackets; nothing where it has no other words.</summary>
    public abstract string TrainingQuality(double nats);

    /// <summary>Returns the figures that a report puts beside a loss.</summary>
    public abstract IEnumerable<(string Name, string Value)> Figures(double nats, TrainingSummary summary);

    /// <summary>Returns the report of the weights that were kept.</summary>
    public static TrainingProgress? Kept(TrainingSummary summary) =>
        summary.History.FirstOrDefault(report => report.Step == summary.BestStep && report.ValidationLoss is not null);
}
