using RnnLm.Diagnostics;
using RnnLm.Drawing;
using RnnLm.Engines;
using RnnLm.Lanes;

namespace RnnLm.Generation;

/// <summary>
/// Continues prompts in batches. What is written for a request is a function of seed, row key, prompt, the row's own settings and the
/// sample's number alone, whatever is written beside it. Safe for use by many threads at once; each run has its own lanes.
/// </summary>
internal sealed class TextGenerator
{
    private readonly ILanguageModelRuntime _model;
    private readonly SamplingSettings _settings;
    private readonly int _batchSize;
    private readonly ITextJudge? _judge;

    /// <param name="model">The model.</param>
    /// <param name="framing">How the model's texts are framed.</param>
    /// <param name="options">How text is drawn; copied.</param>
    /// <param name="batchSize">The number of texts written side by side.</param>
    /// <param name="judge">Says which texts are kept, or null to keep all.</param>
    /// <exception cref="OptionsException">Options are wrong.</exception>
    public TextGenerator(ILanguageModelRuntime model, TextFraming framing, SamplingOptions options, int batchSize, ITextJudge? judge = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _model = model;
        _settings = new SamplingSettings(options, framing, model.Config);
        _batchSize = batchSize;
        _judge = judge;
        if (judge is null)
            return;
        OptionFaults faults = new OptionFaults().In("Sampling");
        faults.Require(options.Beams == 1, nameof(options.Beams),
            $"must be 1 where texts are written anew, but is {options.Beams}: beam search draws nothing");
        faults.Require(options.NumSamples == 1, nameof(options.NumSamples),
            $"must be 1 where texts are written anew, but is {options.NumSamples}; give a prompt several times instead");
        faults.ThrowIfAny(nameof(options));
    }

    /// <summary>Continues prompts.</summary>
    /// <param name="requests">The prompts, read as results are asked for: at most twice the batch size ahead of the oldest that is not
    /// finished.</param>
    /// <param name="cancellationToken">Looked at before each step of the model.</param>
    /// <returns>A result for each request, in their order.</returns>
    /// <exception cref="ArgumentException">A prompt has an unknown character, and the vocabulary's policy is to throw.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row's own temperature, length or condition is wrong.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IEnumerable<GenerationResult> Generate(IEnumerable<GenerationRequest> requests, CancellationToken cancellationToken = default) =>
        _settings.Options.Beams > 1 ? SearchBeams(requests, cancellationToken) : Sample(requests, cancellationToken);

    /// <summary>Continues one prompt.</summary>
    public GenerationResult Generate(GenerationRequest request, CancellationToken cancellationToken = default) =>
        Generate([request], cancellationToken).Single();

    private IEnumerable<GenerationResult> Sample(IEnumerable<GenerationRequest> requests, CancellationToken cancellationToken)
    {
        ulong seed = _settings.NewSeed();
        var sampler = new LogitSampler(_settings.Options, _settings.Framing.Vocabulary);
        bool parking = _settings.Options.NumSamples > 1 || _judge is not null;
        IEnumerable<GenerationJob> jobs = LanePool.Run(
            _model, requests, request => new GenerationJob(_settings, sampler, request, seed, _judge), _batchSize, parking,
                cancellationToken);
        foreach (GenerationJob job in jobs)
            yield return job.Result;
    }

    private IEnumerable<GenerationResult> SearchBeams(IEnumerable<GenerationRequest> requests, CancellationToken cancellationToken)
    {
        ulong seed = _settings.NewSeed();
        using var search = new BeamSearch(_model, _settings, seed);
        foreach (GenerationRequest request in requests)
            yield return search.Run(request, cancellationToken);
    }
}
