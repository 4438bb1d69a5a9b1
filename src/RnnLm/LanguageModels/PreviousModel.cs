using RnnLm.Diagnostics;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.LanguageModels;

/// <summary>
/// What a model decides that is trained further, or that a classifier starts from: its network, its characters, and what its rows are.
/// Options that ask for others can't count, so that they are refused.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="isSet">
/// Tells whether the user has set an option, where that is known. Where it is not, an option counts as set where it is not at its default:
/// one that is leaves the matter to the model.
/// </param>
internal sealed class PreviousModel(SavedModel model, Func<OptionId, bool>? isSet = null)
{
    private static readonly OptionMessage CharactersAreKept =
        $"chooses characters of the data, but those of the previous model are kept; set {OptionIds.Grow} to add new ones";

    private static readonly OptionMessage WeightsAreKept = "says how weights are drawn, but those of the previous model are kept";

    private static readonly LanguageModelOptions Defaults = new();

    private readonly List<OptionSetting> _kept = [];

    /// <summary>Gets the model.</summary>
    public SavedModel Model => model;

    /// <summary>Gets the network that options ask for where the user has set nothing.</summary>
    public ModelOptions Standard { get; init; } = Defaults.Model;

    /// <summary>Gets the options that were left to the model, with the values that they have from it.</summary>
    public IReadOnlyList<OptionSetting> Kept => _kept;

    /// <summary>Makes the options of a training those of the model that it goes on from.</summary>
    /// <param name="options">The trainer's own copy of the options; changed.</param>
    /// <exception cref="OptionsException">Options are set that ask for what the model is not; the message names both values.</exception>
    public void Continue(LanguageModelOptions options)
    {
        var faults = new OptionFaults();
        KeepAll(options.Model, options.Vocabulary, faults);
        OptionFaults network = faults.In("Model");
        Keep(network, nameof(options.Model.TieWeights), options.Model.TieWeights, Defaults.Model.TieWeights, model.Config.TieWeights,
            value => options.Model.TieWeights = value);
        OptionFaults data = faults.In("Data");
        Keep(data, nameof(options.Data.Mode), options.Data.Mode, Defaults.Data.Mode, model.DataMode, value => options.Data.Mode = value);
        faults.ThrowIfAny(nameof(options));
    }

    /// <summary>Makes the options of a classifier's training those of the language model that it starts from.</summary>
    /// <param name="network">The trainer's own copy of the network's options; changed.</param>
    /// <param name="vocabulary">The trainer's own copy of the vocabulary's options; changed.</param>
    /// <exception cref="OptionsException">Options are set that ask for what the model is not; the message names both values.</exception>
    public void StartFrom(ModelOptions network, VocabularyOptions vocabulary)
    {
        var faults = new OptionFaults();
        KeepNetwork(network, faults);
        KeepVocabulary(vocabulary, faults);
        faults.ThrowIfAny("options");
    }

    /// <summary>Keeps the network, the characters and all weights.</summary>
    public void KeepAll(ModelOptions network, VocabularyOptions vocabulary, OptionFaults faults)
    {
        KeepNetwork(network, faults);
        KeepVocabulary(vocabulary, faults);
        RefuseDrawing(network, faults.In("Model"));
    }

    /// <summary>Keeps an option as the model has it, and refuses another value that is set.</summary>
    public void Keep<T>(OptionFaults faults, string option, T asked, T standard, T had, Action<T> set) where T : notnull
    {
        if (!asked.Equals(had) && IsSet(faults[option], asked, standard))
        {
            // A switch that turns off goes by its own name, --no-bidirectional, of which "is false" would say the opposite.
            OptionMessage both = asked is bool ? (OptionMessage)$"contradicts the previous model's {faults[option].Set(had)}"
                : $"is {asked}, but the previous model has {had}";
            faults.Add(faults[option], $"{both}, which is kept; leave it out, or train a new model");
        }

        Prefer(faults[option], asked, standard, had, set);
    }

    /// <summary>Keeps an option as the model has it, unless it is set.</summary>
    public void Prefer<T>(OptionId option, T asked, T standard, T had, Action<T> set) where T : notnull
    {
        if (asked.Equals(had) || IsSet(option, asked, standard))
            return;
        _kept.Add(option.Set(had));
        set(had);
    }

    private void KeepNetwork(ModelOptions options, OptionFaults all)
    {
        OptionFaults faults = all.In("Model");
        ModelConfig had = model.Config;
        ModelOptions standard = Standard;
        Keep(faults, nameof(options.Cell), options.Cell, standard.Cell, had.Cell, value => options.Cell = value);
        if (had.Cell == CellType.Rnn)
        {
            Keep(faults, nameof(options.Nonlinearity), options.Nonlinearity, standard.Nonlinearity, had.Nonlinearity,
                value => options.Nonlinearity = value);
        }
        else
        {
            options.Nonlinearity = had.Nonlinearity;
        }

        Keep(faults, nameof(options.HiddenSize), options.HiddenSize, standard.HiddenSize, had.HiddenSize,
            value => options.HiddenSize = value);
        Keep(faults, nameof(options.Layers), options.Layers, standard.Layers, had.Layers, value => options.Layers = value);
        Keep(faults, nameof(options.EmbeddingSize), options.EmbeddingSize, standard.EmbeddingSize, had.EmbeddingSize,
            value => options.EmbeddingSize = value);
        Keep(faults, nameof(options.InitialState), options.InitialState, standard.InitialState, had.InitialState,
            value => options.InitialState = value);
    }

    private void KeepVocabulary(VocabularyOptions options, OptionFaults all)
    {
        OptionFaults faults = all.In("Vocabulary");
        CharVocabulary had = model.Vocabulary;
        if (options.Grow)
            CheckAdded(options.Characters, faults);
        else
            RefuseChoosing(options, faults);
        Keep(faults, nameof(options.UnknownCharacters), options.UnknownCharacters, Defaults.Vocabulary.UnknownCharacters,
            had.UnknownCharacters, value => options.UnknownCharacters = value);
    }

    private void CheckAdded(string? characters, OptionFaults faults)
    {
        if (characters?.Contains('\r') == true && !new LineEnds(model.Vocabulary).AreKept)
        {
            faults.Add(OptionIds.Characters, $"has the carriage return, but the previous model does not know it, and reads all line ends "
                + $"as line feeds; leave it out, or train a new model");
        }
    }

    private void RefuseChoosing(VocabularyOptions options, OptionFaults faults)
    {
        CharVocabulary had = model.Vocabulary;
        if (options.Characters is { } characters
            && !characters.EnumerateRunes().Distinct().Order().SequenceEqual(had.Characters.Order()))
        {
            int named = characters.EnumerateRunes().Distinct().Count();
            faults.Add(OptionIds.Characters, $"names {Counted.Of(named, "character")}, but the previous model knows "
                + $"{had.Characters.Count:N0} others, which are kept; set {OptionIds.Grow} to add new ones, leave it out, or train a new "
                + $"model");
        }

        Refuse(faults, nameof(options.MinCount), options.MinCount, Defaults.Vocabulary.MinCount, CharactersAreKept);
        Refuse(faults, nameof(options.MaxSize), options.MaxSize, Defaults.Vocabulary.MaxSize, CharactersAreKept);
    }

    private void RefuseDrawing(ModelOptions options, OptionFaults faults)
    {
        Refuse(faults, nameof(options.Initialization), options.Initialization, Defaults.Model.Initialization, WeightsAreKept);
        Refuse(faults, nameof(options.InitializationStandardDeviation), options.InitializationStandardDeviation,
            Defaults.Model.InitializationStandardDeviation, WeightsAreKept);
    }

    private void Refuse<T>(OptionFaults faults, string option, T asked, T standard, OptionMessage why) where T : notnull
    {
        if (IsSet(faults[option], asked, standard))
            faults.Add(faults[option], $"is {asked}: it {why}; leave it out, or train a new model");
    }

    private bool IsSet<T>(OptionId option, T asked, T standard) where T : notnull => isSet?.Invoke(option) ?? !asked.Equals(standard);
}
