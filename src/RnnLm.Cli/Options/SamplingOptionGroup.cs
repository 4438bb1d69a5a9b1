using RnnLm.Diagnostics;

namespace RnnLm.Cli.Options;

/// <summary>How text is drawn, as options of a command.</summary>
internal static class SamplingOptionGroup
{
    public static OptionGroup<SamplingOptions> Create() => new OptionGroup<SamplingOptions>("Sampling")
        .Add(o => o.MaxLength, "characters written at most", aliases: "--length")
        .Add(o => o.MaxLengthLimit, "highest number of characters that may be asked for")
        .Add(o => o.MinLength, "characters written at least")
        .Add(o => o.Temperature, "below 1 more usual, above 1 more varied; 0 for the most likely character")
        .Add(o => o.TopK, "most likely characters that are drawn from; 0 for all")
        .Add(o => o.TopP, "probability that the characters drawn from must reach")
        .Add(o => o.MinP, "share of the highest probability below which none is drawn")
        .Add(o => o.TypicalP, "probability that the typical characters drawn from must reach")
        .Add(o => o.RepetitionPenalty, "above 1 characters that have occurred get rarer")
        .Add(o => o.NoRepeatNgram, "characters in a row that may not occur twice; 0 for no rule")
        .Add(o => o.Beams, "texts that beam search follows; 1 for none")
        .Add(o => o.LengthPenalty, "power of the length in beam search")
        .AddList(o => o.StopStrings, "string that ends the text", "--stop", Escapes.Read)
        .Add(o => o.Pattern, "regular expression that each text matches as a whole, in .NET's syntax")
        .Add(o => o.PatternIncludesPrompt, "the pattern is that of prompt and text together")
        .Add(o => o.NumSamples, "texts for each prompt", aliases: "-n")
        .Add(o => o.Seed, "seed; the same one writes the same text")
        .Add(o => o.InitialState, "hidden state to start from: zeros, ones or normal");

    /// <summary>Makes those that say how one text is drawn, without what a data set has of its own.</summary>
    public static OptionGroup<SamplingOptions> CreateForRows() => Create().Without(
        nameof(SamplingOptions.Beams), nameof(SamplingOptions.LengthPenalty), nameof(SamplingOptions.Pattern),
            nameof(SamplingOptions.NumSamples), nameof(SamplingOptions.Seed));

    /// <exception cref="OptionsException">Options are wrong.</exception>
    public static void Check(SamplingOptions options)
    {
        var faults = new OptionFaults();
        options.Check(faults);
        faults.ThrowIfAny(nameof(options));
    }
}
