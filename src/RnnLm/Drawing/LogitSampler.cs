using System.Numerics.Tensors;
using RnnLm.Numerics;
using RnnLm.Text;

namespace RnnLm.Drawing;

/// <summary>
/// Turns logits into the next token: penalties, temperature, filters, then one draw from what they leave. A draw depends on these logits
/// and on the random number alone, to the last bit. Holds scratch memory: used by one thread at a time.
/// </summary>
internal sealed class LogitSampler
{
    /// <summary>Temperature and penalty are brought within these bounds, at which all is decided and nothing overflows.</summary>
    private const double LeastFactor = 1e-30, MostFactor = 1e30;

    private readonly CharVocabulary _vocabulary;
    private readonly float _penalty;
    private readonly bool _banRepeats;
    private readonly CandidateFilter _filter;
    private readonly float[] _scores;   // [V]

    public LogitSampler(SamplingOptions options, CharVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _penalty = Bounded(options.RepetitionPenalty);
        _banRepeats = options.NoRepeatNgram > 0;
        _filter = new CandidateFilter(options, vocabulary.Size);
        _scores = new float[vocabulary.Size];
    }

    /// <summary>Returns the next token: the most likely one, of equals the first, at temperature 0; else a drawn one.</summary>
    /// <param name="logits">The logits. // [V]</param>
    /// <param name="history">What was read and written before.</param>
    /// <param name="endAllowed">Whether the end token may come.</param>
    /// <param name="temperature">The temperature.</param>
    /// <param name="random">Gives one number, except at temperature 0.</param>
    /// <param name="mask">What is added to the logits, 0 or negative infinity; empty where anything may come. // [V]</param>
    /// <exception cref="InvalidOperationException">The logits are not finite numbers.</exception>
    public int Next(
        ReadOnlySpan<float> logits, TokenHistory history, bool endAllowed, double temperature, ref CounterRandom random,
        ReadOnlySpan<float> mask = default)
    {
        if (temperature > 0)
            return SoftmaxSampler.Sample(Filter(logits, history, endAllowed, temperature, mask), Bounded(temperature), random.NextDouble());
        ReadOnlySpan<float> scores = Score(logits, history, endAllowed, mask);
        Softmax.Max(scores);
        return TensorPrimitives.IndexOfMax(scores);
    }

    /// <summary>Returns the logits after penalties and filters, with negative infinity for tokens that must not come. Valid until the next
    /// call.</summary>
    public ReadOnlySpan<float> Filter(
        ReadOnlySpan<float> logits, TokenHistory history, bool endAllowed, double temperature, ReadOnlySpan<float> mask = default)
    {
        ReadOnlySpan<float> scores = Score(logits, history, endAllowed, mask);
        if (!_filter.IsOff)
            _filter.Apply(_scores, 1 / Bounded(temperature));
        return scores;
    }

    /// <summary>Returns the logits after the penalties, with negative infinity for tokens that must not come. Valid until the next
    /// call.</summary>
    public ReadOnlySpan<float> Score(ReadOnlySpan<float> logits, TokenHistory history, bool endAllowed, ReadOnlySpan<float> mask = default)
    {
        PenalizeAndMask(logits, history, endAllowed, mask);
        if (_banRepeats)
        {
            history.BanRepeats(_scores);
            if (float.IsNegativeInfinity(TensorPrimitives.Max<float>(_scores)))
                PenalizeAndMask(logits, history, endAllowed, mask);
        }

        return _scores;
    }

    private static float Bounded(double factor) => (float)Math.Clamp(factor, LeastFactor, MostFactor);

    private void PenalizeAndMask(ReadOnlySpan<float> logits, TokenHistory history, bool endAllowed, ReadOnlySpan<float> mask)
    {
        logits.CopyTo(_scores);
        if (_penalty != 1)
            history.Penalize(_scores, _penalty);
        if (!mask.IsEmpty)
            TensorPrimitives.Add(_scores, mask, _scores);
        Mask(_vocabulary.UnknownId);
        Mask(_vocabulary.StartId);
        if (!endAllowed)
            Mask(_vocabulary.EndId);
    }

    private void Mask(int? id)
    {
        if (id is int token)
            _scores[token] = float.NegativeInfinity;
    }
}
