using System.Security.Cryptography;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Modeling;
using RnnLm.Numerics;
using RnnLm.Patterns;

namespace RnnLm.Drawing;

/// <summary>What all texts of one run have in common, worked out once: checked options, stop strings as ids, the seed.</summary>
internal sealed class SamplingSettings
{
    /// <param name="options">The options; copied.</param>
    /// <param name="framing">How texts are framed.</param>
    /// <param name="config">The model.</param>
    /// <exception cref="OptionsException">Options are wrong.</exception>
    public SamplingSettings(SamplingOptions options, TextFraming framing, ModelConfig config)
    {
        OptionFaults faults = new OptionFaults().In("Sampling");
        options.Check(faults);
        faults.Require(options.InitialState is null || config.Conditions == 0, nameof(SamplingOptions.InitialState),
            "can't be chosen for a model with conditions, which start the state; leave it unset");
        faults.ThrowIfAny(nameof(options));
        Options = options.Clone();
        Framing = framing;
        Config = config;
        Stops = new StopMatcher(Options.StopStrings, framing.Vocabulary);
    }

    public SamplingOptions Options { get; }

    public TextFraming Framing { get; }

    public ModelConfig Config { get; }

    public StopMatcher Stops { get; }

    /// <summary>Returns the seed asked for, or another one each time.</summary>
    public ulong NewSeed() =>
        Options.Seed is long seed ? (ulong)seed : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Returns the limits of a text.</summary>
    /// <param name="maxLength">The most characters to write.</param>
    /// <param name="pattern">Its own pattern, or null for that of the options.</param>
    /// <param name="prompt">What stands before it.</param>
    /// <param name="faults">Is told why no text can match the pattern.</param>
    /// <param name="row">Which text it is, for the message.</param>
    public TextLimits NewLimits(int maxLength, string? pattern, ReadOnlySpan<char> prompt, OptionFaults faults, string row = "")
    {
        pattern ??= Options.Pattern;
        PatternPlace? place = pattern is null ? null
            : PatternStart.Find(this, pattern, Options.PatternIncludesPrompt ? prompt : [], maxLength, faults, row);
        return new TextLimits(this, maxLength, place);
    }

    /// <summary>Returns the random numbers of one text.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="rowKey">The row's key.</param>
    /// <param name="prompt">The hash of the prompt.</param>
    /// <param name="sample">The number of the sample.</param>
    public static CounterRandom Random(ulong seed, ulong rowKey, ulong prompt, int sample) =>
        new(seed, CounterRandom.Mix(CounterRandom.Mix(CounterRandom.Mix(rowKey) + prompt) + (ulong)sample), RandomPurpose.Sampling);

    /// <summary>Puts a lane into the state from which reading starts.</summary>
    public void Start(IInferenceSession session, int lane, int condition, ulong seed, ulong rowKey) =>
        InitialLaneState.Write(session, lane, Config, condition, Options.InitialState ?? Config.InitialState,
        new CounterRandom(seed, rowKey, RandomPurpose.InitialState));
}
