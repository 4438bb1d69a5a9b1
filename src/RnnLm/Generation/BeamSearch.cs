using System.Numerics.Tensors;
using RnnLm.Drawing;
using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Numerics;
using RnnLm.Text;

namespace RnnLm.Generation;

/// <summary>
/// Looks for the most likely continuation by following the best few at once, each in a lane. Scores, the division by a power of the length
/// and the point where the search ends are those of HuggingFace's beam search with <c>early_stopping=False</c>. A stop string ends a beam
/// as the end token does.
/// </summary>
internal sealed class BeamSearch : IDisposable
{
    private readonly SamplingSettings _settings;
    private readonly SamplingOptions _options;
    private readonly CharVocabulary _vocabulary;
    private readonly LogitSampler _sampler;
    private readonly IInferenceSession _session;   // lanes 0 to K - 1 are stepped; K to 2K - 1 hold states while beams change places
    private readonly ulong _seed;
    private readonly int _beams;
    private readonly int[] _tokens;
    private readonly float[] _logits;   // [K, V]
    private readonly List<Candidate> _candidates = [];

    public BeamSearch(ILanguageModelRuntime model, SamplingSettings settings, ulong seed)
    {
        _settings = settings;
        _options = settings.Options;
        _vocabulary = settings.Framing.Vocabulary;
        _seed = seed;
        _beams = _options.Beams;
        _sampler = new LogitSampler(_options, _vocabulary);
        _session = model.CreateSession(2 * _beams);
        _tokens = new int[_beams];
        _logits = new float[_beams * _vocabulary.Size];
    }

    public GenerationResult Run(in GenerationRequest request, CancellationToken cancellationToken)
    {
        TextLimits limits = RowSettings.Check(_settings, request).Limits;
        var reader = TokenReader.ForPrompt(_settings.Framing, request.Prompt);
        var hypotheses = new List<Hypothesis>();
        if (limits.FinishReason is null)
            Search(ReadPrompt(reader, request, cancellationToken), limits, hypotheses, cancellationToken);
        string prompt = _options.IncludePrompt ? request.Prompt.ToString() : "";
        GeneratedText[] best =
            [.. hypotheses.OrderByDescending(h => h.Score).Take(_options.NumSamples).Select(h => h.ToText(prompt, _vocabulary))];
        if (limits.FinishReason is { } reason)
            best = [.. Enumerable.Repeat(new GeneratedText(prompt, reason, 0, 0), _options.NumSamples)];
        return new GenerationResult(best, reader.UnknownCharacters);
    }

    public void Dispose() => _session.Dispose();

    private TokenHistory ReadPrompt(TokenReader reader, in GenerationRequest request, CancellationToken cancellationToken)
    {
        var history = new TokenHistory(_options, _vocabulary.Size);
        _settings.Start(_session, 0, request.Condition, _seed, request.RowKey);
        bool more = reader.MoveNext();
        while (more)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _tokens[0] = reader.Id;
            if (reader.IsCharacter)
                history.Add(reader.Id);
            more = reader.MoveNext();
            _session.Step(_tokens.AsSpan(0, 1), more ? [] : _logits.AsSpan(0, _vocabulary.Size));
        }

        return history;
    }

    private void Search(TokenHistory history, TextLimits limits, List<Hypothesis> hypotheses, CancellationToken cancellationToken)
    {
        List<Beam> beams = [new Beam([], [], 0, history, limits)];
        for (int length = 1; ; length++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FindCandidates(beams);
            beams = Extend(beams, length, hypotheses);
            if (beams is [{ Limits.FinishReason: FinishReason.Length }, ..])
            {
                foreach (Beam beam in beams)
                    Add(hypotheses, beam, length, FinishReason.Length);
                return;
            }

            if (beams.Count == 0 || IsDone(beams, length, hypotheses))
                return;
            Step(beams);
        }
    }

    /// <summary>Finds the 2K best next tokens over all beams: so many, that K beams go on even where K of them end.</summary>
    private void FindCandidates(List<Beam> beams)
    {
        _candidates.Clear();
        for (int b = 0; b < beams.Count; b++)
        {
            Span<float> logits = _logits.AsSpan(b * _vocabulary.Size, _vocabulary.Size);
            TensorPrimitives.Subtract(logits, (float)Softmax.LogSumExp(logits), logits);
            TextLimits limits = beams[b].Limits;
            ReadOnlySpan<float> scores = _sampler.Score(logits, beams[b].History, limits.MayEnd, limits.Mask(beams[b].Ids));
            for (int id = 0; id < scores.Length; id++)
            {
                if (!float.IsNegativeInfinity(scores[id]))
                    Insert(new Candidate(b, id, beams[b].Sum + scores[id], logits[id]));
            }
        }
    }

    private void Insert(Candidate candidate)
    {
        if (_candidates.Count == 2 * _beams)
        {
            if (candidate.Sum <= _candidates[^1].Sum)
                return;
            _candidates.RemoveAt(_candidates.Count - 1);
        }

        int place = _candidates.Count;
        while (place > 0 && _candidates[place - 1].Sum < candidate.Sum)
            place--;
        _candidates.Insert(place, candidate);
    }

    /// <summary>Makes beams of the best candidates, and puts those that have ended aside, if they are among the K best.</summary>
    private List<Beam> Extend(List<Beam> beams, int length, List<Hypothesis> hypotheses)
    {
        var next = new List<Beam>(_beams);
        for (int rank = 0; rank < _candidates.Count && next.Count < _beams; rank++)
        {
            Candidate candidate = _candidates[rank];
            Beam parent = beams[candidate.Beam];
            double[] logProbabilities = [.. parent.LogProbabilities, candidate.LogProbability];
            if (candidate.Id == _settings.Framing.EndId)
            {
                if (rank < _beams)
                    Add(hypotheses, parent with { LogProbabilities = logProbabilities, Sum = candidate.Sum }, length,
                        FinishReason.EndToken);
                continue;
            }

            int[] ids = [.. parent.Ids, candidate.Id];
            TextLimits limits = parent.Limits.Clone();
            int stop = limits.Add(ids);
            TokenHistory history = parent.History.Clone();
            history.Add(candidate.Id);
            var beam = new Beam(ids[..^stop], logProbabilities[..^stop], candidate.Sum, history, limits) { Lane = candidate.Beam };
            if (limits.FinishReason is null or FinishReason.Length)
                next.Add(beam);
            else if (rank < _beams)
                Add(hypotheses, beam, length, limits.FinishReason.Value);
        }

        return next;
    }

    /// <summary>Keeps the K best of the texts that have ended; of equals, the first.</summary>
    private void Add(List<Hypothesis> hypotheses, Beam beam, int length, FinishReason reason)
    {
        hypotheses.Add(new Hypothesis(beam, beam.Sum / Math.Pow(length, _options.LengthPenalty), reason));
        if (hypotheses.Count > _beams)
            hypotheses.Remove(hypotheses.AsEnumerable().Reverse().MinBy(h => h.Score)!);
    }

    private bool IsDone(List<Beam> beams, int length, List<Hypothesis> hypotheses) =>
        hypotheses.Count == _beams
        && hypotheses.Min(h => h.Score) >= beams.Max(beam => beam.Sum) / Math.Pow(length, _options.LengthPenalty);

    private void Step(List<Beam> beams)
    {
        for (int b = 0; b < beams.Count; b++)
            _session.Copy(beams[b].Lane, _beams + b);
        for (int b = 0; b < beams.Count; b++)
        {
            _session.Copy(_beams + b, b);
            _tokens[b] = beams[b].Ids[^1];
        }

        _session.Step(_tokens.AsSpan(0, beams.Count), _logits.AsSpan(0, beams.Count * _vocabulary.Size));
    }

    private readonly record struct Candidate(int Beam, int Id, double Sum, double LogProbability);

    /// <param name="Ids">What it has written.</param>
    /// <param name="LogProbabilities">The model's own log-probability of each token.</param>
    /// <param name="Sum">The sum of log-probabilities after the penalties.</param>
    /// <param name="History">What it has read and written.</param>
    /// <param name="Limits">What may come next.</param>
    private sealed record Beam(int[] Ids, double[] LogProbabilities, double Sum, TokenHistory History, TextLimits Limits)
    {
        /// <summary>Gets the lane of the beam that it came from.</summary>
        public int Lane { get; init; }
    }

    private sealed record Hypothesis(Beam Beam, double Score, FinishReason Reason)
    {
        public GeneratedText ToText(string prompt, CharVocabulary vocabulary) =>
            new(prompt + vocabulary.Decode(Beam.Ids), Reason, Beam.Ids.Length, Beam.LogProbabilities.Sum());
    }
}
