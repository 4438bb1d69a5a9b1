using System.Text.Json;

namespace RnnLm.Cli.Report;

/// <summary>What a report shows, as the page reads it.</summary>
/// <param name="Title">The name of the model.</param>
/// <param name="Kind">What the model is, in a few words.</param>
/// <param name="Figures">The few figures that stand first.</param>
/// <param name="Facts">What else is worth knowing of the model.</param>
/// <param name="Steps">The training's reports.</param>
/// <param name="BestStep">The step whose weights were kept, where there was validation data to tell.</param>
/// <param name="Samples">Written texts; none for a classifier.</param>
/// <param name="Reading">What the model makes of a text; null for a classifier.</param>
/// <param name="Vocabulary">The characters that the model knows.</param>
internal sealed record ReportData(
    string Title, string Kind, IReadOnlyList<ReportFact> Figures, IReadOnlyList<ReportFact> Facts, IReadOnlyList<ReportStep> Steps,
    long? BestStep,
    IReadOnlyList<ReportSample> Samples, ReadingData? Reading, VocabularyCounts Vocabulary)
{
    /// <summary>Gets whether the model is a classifier.</summary>
    public bool IsClassifier { get; init; }

    /// <summary>Gets what 'rnnlm privacy' found, as it writes it; null where nothing is to be shown of it.</summary>
    public JsonElement? Privacy { get; init; }
}

/// <summary>A named value, in words.</summary>
internal sealed record ReportFact(string Name, string Value);

/// <summary>Where training stood. What is no finite number is null.</summary>
internal sealed record ReportStep(
    long Step, int Epoch, double Seconds, double? Loss, double? Validation, double? Accuracy, double? LearningRate, double? GradientNorm,
    double? Speed);

/// <summary>Texts written after one prompt.</summary>
internal sealed record ReportSample(string Prompt, IReadOnlyList<TemperatureSample> Texts);

/// <summary>A text written at one temperature.</summary>
internal sealed record TemperatureSample(double Temperature, string Text, bool Ended);

/// <summary>A text as the model read it, character by character.</summary>
/// <param name="Source">Where the text is from, in words.</param>
/// <param name="Characters">The characters in order; the empty string is the end of a text.</param>
/// <param name="Guesses">The most likely characters in the place of each, before it was read, most likely first; null where nothing was
/// predicted.</param>
/// <param name="Probabilities">The probability that the character itself had; null where nothing was predicted.</param>
/// <param name="States">The units' activations after each character.</param>
/// <param name="Followers">Units that follow something in the text, the closest first.</param>
internal sealed record ReadingData(
    string Source, IReadOnlyList<string> Characters, IReadOnlyList<IReadOnlyList<CharacterGuess>?> Guesses,
    IReadOnlyList<double?> Probabilities,
    IReadOnlyList<ActivationMap> States, IReadOnlyList<UnitFollower> Followers);

/// <summary>How likely a character was thought to be; the empty string is the end of the text.</summary>
internal sealed record CharacterGuess(string Character, double Probability);

/// <summary>Activations of units over a text.</summary>
/// <param name="Name">What they are, in words.</param>
/// <param name="Limit">The activation that 127 stands for.</param>
/// <param name="Units">The units, the one that varies most first.</param>
/// <param name="Values">A signed byte for each unit and character, in base 64. // [U, T]</param>
internal sealed record ActivationMap(string Name, double Limit, IReadOnlyList<UnitFact> Units, string Values);

/// <summary>A unit of the network. Layers and units count from 1.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Unit">Its number in the layer.</param>
/// <param name="Deviation">The standard deviation of its activation over the text.</param>
internal sealed record UnitFact(int Layer, int Unit, double Deviation);

/// <summary>A unit whose activation goes with something in the text.</summary>
/// <param name="What">What it goes with.</param>
/// <param name="State">The index of the activations in <see cref="ReadingData.States"/>.</param>
/// <param name="Unit">The index of the unit in <see cref="ActivationMap.Units"/>.</param>
/// <param name="Correlation">Pearson's correlation.</param>
internal sealed record UnitFollower(string What, int State, int Unit, double Correlation);

/// <summary>How often the model's characters occur in a text.</summary>
/// <param name="Source">The text; null where none was given, and the counts are zeros.</param>
/// <param name="Total">The characters of the text.</param>
/// <param name="Unknown">Those that the model does not know.</param>
/// <param name="Characters">The characters, the most frequent first.</param>
internal sealed record VocabularyCounts(string? Source, long Total, long Unknown, IReadOnlyList<CharacterCount> Characters);

/// <summary>How often a character occurs.</summary>
internal sealed record CharacterCount(string Character, string Code, long Count);
