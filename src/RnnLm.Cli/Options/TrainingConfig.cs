using RnnLm.Cli.Sources;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Options;

/// <summary>All that makes a model out of files: what a configuration file says, and what flags set above it.</summary>
internal sealed class TrainingConfig
{
    /// <summary>How the names of configuration files end.</summary>
    public const string Extension = ".rnnlm.json";

    /// <summary>Begins with the defaults.</summary>
    public TrainingConfig() => Classifier = new()
    {
        Model = Options.Model,
        Vocabulary = Options.Vocabulary,
        Data = Options.Data,
        Optimizer = Options.Optimizer,
        Training = Options.Training,
        Device = Options.Device,
    };

    /// <summary>Gets the file that this was read from, or null.</summary>
    public string? File { get; init; }

    /// <summary>Gets where in the file each option is set.</summary>
    public Dictionary<OptionId, ConfigPlace> Places { get; } = [];

    /// <summary>Gets the options that the command line sets.</summary>
    public HashSet<OptionId> Flags { get; } = [];

    public TrainingTask Task { get; set; }

    public SourceOptions Source { get; } = new();

    /// <summary>Gets the options of a language model.</summary>
    public LanguageModelOptions Options { get; } = new();

    /// <summary>Gets the options of a classifier: the groups of a language model, as far as a classifier has them, and its own.</summary>
    public TextClassifierOptions Classifier { get; }

    /// <summary>Gets what does the task.</summary>
    public TaskKind Kind => TaskKind.Of(Task);

    /// <summary>Gets what a row of the data is.</summary>
    public DataMode Mode => Kind.Mode(this);

    public string? Output { get; set; }

    public string? Previous { get; set; }

    /// <summary>Tells whether the file or the command line sets an option.</summary>
    public bool IsSet(OptionId option) => Places.ContainsKey(option) || Flags.Contains(option);

    /// <summary>Sets options of training; where a bound of it is among them, it takes the place of all bounds that were there.</summary>
    public void SetBounds(Action set)
    {
        const int NotSet = int.MinValue;
        TrainingOptions training = Options.Training;
        (int epochs, long steps, double minutes) = (training.Epochs, training.MaxSteps, training.MaxMinutes);
        (training.Epochs, training.MaxSteps, training.MaxMinutes) = (NotSet, NotSet, NotSet);
        set();
        bool none = training is { Epochs: NotSet, MaxSteps: NotSet, MaxMinutes: NotSet };
        training.Epochs = training.Epochs != NotSet ? training.Epochs : none ? epochs : 0;
        training.MaxSteps = training.MaxSteps != NotSet ? training.MaxSteps : none ? steps : 0;
        training.MaxMinutes = training.MaxMinutes != NotSet ? training.MaxMinutes : none ? minutes : 0;
    }

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionsException">Options are wrong, or are set where they change nothing.</exception>
    public void Check()
    {
        ForeignOptions.Check(this);
        Kind.Options(this).Validate();
        IdleOptions.Check(this);
    }
}
