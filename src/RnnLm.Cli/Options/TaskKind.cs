using RnnLm.Cli.Progress;
using RnnLm.Cli.Sources;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Options;

/// <summary>What a task reads and trains, and what the code for it is called: chosen once, by the option.</summary>
internal abstract class TaskKind
{
    private static readonly LanguageModelTask LanguageModel = new();
    private static readonly ClassifierTask Classifier = new();

    private static readonly TaskKind[] All = [LanguageModel, Classifier];

    /// <summary>Gets the task.</summary>
    public abstract TrainingTask Task { get; }

    /// <summary>Gets what it trains, in the plural.</summary>
    public abstract string Models { get; }

    /// <summary>Gets the kind of model that is gone on from where a file holds several.</summary>
    public abstract string Signature { get; }

    /// <summary>Gets whether each row has a label.</summary>
    public abstract bool ReadsLabels { get; }

    /// <summary>Gets the words for the progress of training.</summary>
    public abstract TargetWords Words { get; }

    /// <summary>Gets what the names of the trainer and its transformer in ML.NET begin with.</summary>
    public abstract string CodeName { get; }

    /// <summary>Gets the template of the program of a web API.</summary>
    public abstract string WebTemplate { get; }

    /// <summary>Gets the trainer's option that names the column to read, without <c>ColumnName</c>.</summary>
    public abstract string InputOption { get; }

    /// <summary>Gets the trainer's option that names the column to add, without <c>ColumnName</c>.</summary>
    public abstract string OutputOption { get; }

    /// <summary>Gets the property of the output that the column is bound to.</summary>
    public abstract string OutputProperty { get; }

    /// <summary>Returns what does the task.</summary>
    public static TaskKind Of(TrainingTask task) => task == TrainingTask.Classify ? Classifier : LanguageModel;

    /// <summary>Gets the type of the options.</summary>
    public abstract Type OptionsType { get; }

    /// <summary>Returns the options.</summary>
    public abstract TrainerOptions Options(TrainingConfig config);

    /// <summary>Returns what a row of the data is.</summary>
    public abstract DataMode Mode(TrainingConfig config);

    /// <summary>Returns the task that an option is for, where that is not this one but another; else null.</summary>
    public TaskKind? OwnerOf(OptionEntry option) => Has(option) ? null : Array.Find(All, kind => kind.Has(option));

    /// <summary>Sets what the model to start from decides.</summary>
    /// <exception cref="OptionsException">Options are set that ask for what the model is not.</exception>
    public abstract void Keep(PreviousModel previous, TrainingConfig config);

    /// <summary>Trains a model.</summary>
    /// <param name="training">What it is trained on.</param>
    /// <param name="validation">What it is validated on, or null for a part of that.</param>
    /// <param name="config">The options.</param>
    /// <param name="previous">The model to start from, or null.</param>
    public abstract SavedModel Train(TextData training, TextData? validation, TrainingConfig config, SavedModel? previous);

    /// <summary>Returns what rows have beside text: a condition or a label; or null.</summary>
    public abstract string? Category(SourceOptions source);

    /// <summary>Returns the column of a table that holds it, or null.</summary>
    public abstract string? CategoryColumn(SourceOptions source);

    /// <summary>Sets that column.</summary>
    public abstract void SetCategoryColumn(SourceOptions source, string? column);

    /// <summary>Tells whether an option is in one of the groups of the task's options.</summary>
    private bool Has(OptionEntry option) =>
        OptionsType.GetProperties().Any(group => option.Property.DeclaringType!.IsAssignableFrom(group.PropertyType));
}
