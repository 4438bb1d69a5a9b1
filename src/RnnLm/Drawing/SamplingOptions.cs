using RnnLm.Diagnostics;
using RnnLm.Drawing;

namespace RnnLm;

/// <summary>
/// How text is drawn from a model. Names and meanings are those of HuggingFace's <c>GenerationConfig</c> where it has them, and so is the
/// order: penalties, temperature, top-k, top-p, min-p, typical. Lengths count characters (Unicode scalar values).
/// </summary>
public sealed class SamplingOptions
{
    /// <summary>Gets or sets what the logits are divided by: below 1 the text gets more usual, above 1 more varied; 0 always takes the most
    /// likely character.</summary>
    /// <value>The default value is 1.</value>
    public double Temperature { get; set; } = 1;

    /// <summary>Gets or sets how many of the most likely characters are drawn from (and those as likely as the last of them); 0 for
    /// all.</summary>
    /// <value>The default value is 0.</value>
    public int TopK { get; set; }

    /// <summary>Gets or sets the probability that the smallest set of most likely characters must reach, which alone is drawn from
    /// (Holtzman et al., 2020); 1 for all.</summary>
    /// <value>The default value is 1.</value>
    public double TopP { get; set; } = 1;

    /// <summary>Gets or sets the share of the most likely character's probability below which a character is not drawn; 0 for
    /// all.</summary>
    /// <value>The default value is 0.</value>
    public double MinP { get; set; }

    /// <summary>Gets or sets the probability that the smallest set of most typical characters must reach, whose surprise is near the
    /// expected one (Meister et al., 2023); 1 for all.</summary>
    /// <value>The default value is 1.</value>
    public double TypicalP { get; set; } = 1;

    /// <summary>Gets or sets what the logit of a character that has occurred is divided by where it is positive, else multiplied by (Keskar
    /// et al., 2019); 1 for nothing. Characters do repeat in words, so little above 1 goes far.</summary>
    /// <value>The default value is 1.</value>
    public double RepetitionPenalty { get; set; } = 1;

    /// <summary>Gets or sets the number of characters in a row that may not occur twice in prompt and text; 0 for no rule. Where the rule
    /// would leave no character, it is not kept. With it, four bytes are held for each character of the prompt.</summary>
    /// <value>The default value is 0.</value>
    public int NoRepeatNgram { get; set; }

    /// <summary>
    /// Gets or sets the number of texts that beam search follows; 1 for none. Beam search looks for the most likely text and draws nothing
    /// at random: temperature and the filters from <see cref="TopK"/> to <see cref="TypicalP"/> are then not used.
    /// </summary>
    /// <value>The default value is 1.</value>
    public int Beams { get; set; } = 1;

    /// <summary>Gets or sets the power of the length that a beam's log-probability is divided by: above 0 longer texts are favoured, below
    /// 0 shorter ones.</summary>
    /// <value>The default value is 1.</value>
    public double LengthPenalty { get; set; } = 1;

    /// <summary>Gets or sets the most characters that are written; those of the prompt do not count. With 0 the text is empty.</summary>
    /// <value>The default value is 100.</value>
    public int MaxLength { get; set; } = 100;

    /// <summary>Gets or sets the least characters that are written: before, neither end token nor stop string ends the text.</summary>
    /// <value>The default value is 0.</value>
    public int MinLength { get; set; }

    /// <summary>Gets or sets the bound of <see cref="MaxLength"/>, be it set here or for a single row.</summary>
    /// <value>The default value is 100,000.</value>
    public int MaxLengthLimit { get; set; } = 100_000;

    /// <summary>Gets or sets the strings that end the text where it first contains one. The stop string is not part of the text, and the
    /// prompt is not searched.</summary>
    /// <value>The default value is an empty list.</value>
    public IReadOnlyList<string> StopStrings { get; set; } = [];

    /// <summary>
    /// Gets or sets a regular expression that each text matches as a whole: at each step only characters are drawn with which it still can,
    /// within <see cref="MaxLength"/>, and a text ends only where it does. The syntax is .NET's without what is not regular, such as
    /// look-arounds and back-references. <see langword="null"/> for none. A stop string then ends the text only where what stands before it
    /// matches.
    /// </summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? Pattern { get; set; }

    /// <summary>Gets or sets whether <see cref="Pattern"/> is matched by the prompt and the text together, and not by the text
    /// alone.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool PatternIncludesPrompt { get; set; }

    /// <summary>Gets or sets how many texts are written for each prompt; with beam search, how many of the best beams are
    /// returned.</summary>
    /// <value>The default value is 1.</value>
    public int NumSamples { get; set; } = 1;

    /// <summary>Gets or sets the seed. With one, what is written for a row depends on the seed, the row's key, its prompt and settings, and
    /// the sample's number alone.</summary>
    /// <value>The default value is <see langword="null"/>: another one each time.</value>
    public long? Seed { get; set; }

    /// <summary>Gets or sets whether the prompt stands before the written text in the result.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool IncludePrompt { get; set; }

    /// <summary>Gets or sets the hidden state that the model starts to read the prompt from. A normal one is drawn anew for each prompt, by
    /// the seed.</summary>
    /// <value>The default value is <see langword="null"/>: the one that the model was trained with.</value>
    public InitialState? InitialState { get; set; }

    /// <summary>Returns a copy.</summary>
    public SamplingOptions Clone()
    {
        var copy = (SamplingOptions)MemberwiseClone();
        copy.StopStrings = [.. StopStrings];
        return copy;
    }

    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Sampling");
        faults.NotNegative(Temperature);
        faults.AtLeast(TopK, 0);
        faults.PositiveShare(TopP);
        faults.Share(MinP);
        faults.PositiveShare(TypicalP);
        faults.Positive(RepetitionPenalty);
        faults.AtLeast(NoRepeatNgram, 0);
        faults.InRange(Beams, 1, 1024);
        faults.Require(double.IsFinite(LengthPenalty), nameof(LengthPenalty), $"must be a finite number, but is {LengthPenalty}");
        faults.AtLeast(MaxLengthLimit, 1);
        faults.Require(MaxLength >= 0 && MaxLength <= MaxLengthLimit, nameof(MaxLength),
            $"must be from 0 to {faults[nameof(MaxLengthLimit)]}, which is {MaxLengthLimit}, but is {MaxLength}");
        faults.Require(MinLength >= 0 && MinLength <= Math.Max(0, MaxLength), nameof(MinLength),
            $"must be from 0 to {faults[nameof(MaxLength)]}, which is {MaxLength}, but is {MinLength}");
        faults.Require(StopStrings is not null, nameof(StopStrings), "is null; use an empty list for no stop strings");
        faults.Require(StopStrings is null || !StopStrings.Any(string.IsNullOrEmpty), nameof(StopStrings),
            "has an empty string, which would end every text at once; remove it");
        if (Pattern is not null && PatternStart.FindFault(Pattern) is { } fault)
            faults.Require(false, nameof(Pattern), $"{PatternStart.Quote(Pattern)} {fault}");
        faults.InRange(NumSamples, 1, 1 << 20);
        faults.Require(Beams <= 1 || NumSamples <= Beams, nameof(NumSamples),
            $"must be at most {faults[nameof(Beams)]}, which is {Beams}, but is {NumSamples}");
        faults.Require(InitialState is null or RnnLm.InitialState.Zeros or RnnLm.InitialState.Ones or RnnLm.InitialState.Normal,
            nameof(InitialState),
            $"must be {RnnLm.InitialState.Zeros}, {RnnLm.InitialState.Ones} or {RnnLm.InitialState.Normal}, but is {InitialState}; leave "
            + "it unset for the state that the model was trained with, a learned one too");
    }
}
