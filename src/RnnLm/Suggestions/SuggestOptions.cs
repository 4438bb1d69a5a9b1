using RnnLm.Diagnostics;
using RnnLm.Drawing;

namespace RnnLm;

/// <summary>What <see cref="RnnLanguageModel.Suggest"/> looks for. Lengths count characters (Unicode scalar values).</summary>
public sealed class SuggestOptions
{
    internal const string Group = "Suggest";

    private const int MostTypos = 4;

    /// <summary>Gets or sets how many suggestions are returned at most, from 1 to 10,000.</summary>
    /// <value>The default value is 5.</value>
    public int Count { get; set; } = 5;

    /// <summary>Gets or sets where a suggestion ends.</summary>
    /// <value>The default value is <see cref="SuggestTo.Word"/>.</value>
    public SuggestTo To { get; set; }

    /// <summary>
    /// Gets or sets the regular expression that prefix and completion match together, with the syntax of <see
    /// cref="SamplingOptions.Pattern"/>; of pairs, that the answer matches. It goes with <see cref="SuggestTo.Pattern"/> alone.
    /// </summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? Pattern { get; set; }

    /// <summary>
    /// Gets or sets by how many edits the prefix may differ from what is suggested, from 0 to 4: characters inserted, left out, replaced,
    /// or two neighbours exchanged. Each more takes many times as long. A model of pairs takes its input as it is.
    /// </summary>
    /// <value>The default value is 0.</value>
    public int Typos { get; set; }

    /// <summary>
    /// Gets or sets what each edit costs, as a log-probability in nats: with 5, a text with one is weighed as if it were e⁻⁵ = 0.7 % as
    /// likely.
    /// </summary>
    /// <value>The default value is 5.</value>
    public double TypoPenalty { get; set; } = 5;

    /// <summary>Gets or sets the probability below which nothing is suggested, from 0 to 1.</summary>
    /// <value>The default value is 0.</value>
    public double MinProbability { get; set; }

    /// <summary>Gets or sets the most characters that a suggestion has beyond the prefix, from 1 to 1,000.</summary>
    /// <value>The default value is 50.</value>
    public int MaxLength { get; set; } = 50;

    /// <summary>
    /// Gets or sets the most steps of the search, each of which looks at what may follow one text, from 1 to 100,000; of a session that is
    /// typed into, those of each key. Where they are used up, <see cref="SuggestionList.IsComplete"/> is <see langword="false"/>. A step
    /// holds the model's state and a number for each character that it knows.
    /// </summary>
    /// <value>The default value is 10,000.</value>
    public int MaxSteps { get; set; } = 10_000;

    internal SuggestOptions Clone() => (SuggestOptions)MemberwiseClone();

    internal void Check(OptionFaults all, DataMode mode)
    {
        OptionFaults faults = all.In(Group);
        faults.InRange(Count, 1, 10_000);
        faults.Defined(To);
        faults.InRange(Typos, 0, MostTypos);
        faults.NotNegative(TypoPenalty);
        faults.Share(MinProbability);
        faults.InRange(MaxLength, 1, 1000);
        faults.InRange(MaxSteps, 1, 100_000);
        faults.Require(To != SuggestTo.End || mode != DataMode.Stream, nameof(To),
            $"can't be {SuggestTo.End} for a model of running text, which knows no end; "
            + $"choose {SuggestTo.Word}, or {SuggestTo.Pattern} and a pattern");
        faults.Require(Typos == 0 || mode != DataMode.Pairs, nameof(Typos),
            $"must be 0 for a model of pairs, which answers an input and does not go on with it, but is {Typos}");
        faults.Require((To == SuggestTo.Pattern) == (Pattern is not null), nameof(Pattern),
            Pattern is null ? (OptionMessage)$"must be set where {faults[nameof(To)]} is {SuggestTo.Pattern}"
            : (OptionMessage)$"goes with {faults[nameof(To)].Set(SuggestTo.Pattern)} alone; set that, or leave the pattern out");
        if (Pattern is not null && PatternStart.FindFault(Pattern) is { } fault)
            faults.Require(false, nameof(Pattern), $"{PatternStart.Quote(Pattern)} {fault}");
    }
}
