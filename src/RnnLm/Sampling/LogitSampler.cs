using System.Numerics.Tensors;

namespace RnnLm;

/// <summary>
/// Turns logits into the next token: penalties, temperature, filters, then one draw. Everything is summed in the order of the ids, so a draw depends
/// on these logits and on the random number alone. Holds scratch memory: used by one thread at a time.
/// </summary>
internal sealed class LogitSampler
{
    /// <summary>Temperature and penalty are brought within these bounds, at which all is decided and nothing overflows.</summary>
    private const double LeastFactor = 1e-30, MostFactor = 1e30;

    private readonly CharVocabulary _vocabulary;
    private readonly float _penalty;
    private readonly bool _banRepeats;
    private readonly CandidateFilter _filter;
    private readonly float[] _scores, _weights;   // [V]

    public LogitSampler(SamplingOptions options, CharVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _penalty = (float)Math.Clamp(options.RepetitionPenalty, LeastFactor, MostFactor);
        _banRepeats = options.NoRepeatNgram > 0;
        _filter = new CandidateFilter(options, vocabulary.Size);
        _scores = new float[vocabulary.Size];
        _weights = new float[vocabulary.Size];
    }

    /// <summary>Returns the next token: the most likely one, of equals the first, at temperature 0; else a drawn one.</summary>
    /// <param name="logits">The logits. // [V]</param>
    /// <param name="history">What was read and written before.</param>
    /// <param name="endAllowed">Whether the end token may come.</param>
    /// <param name="temperature">The temperature.</param>
    /// <param name="random">Gives one number, except at temperature 0.</param>
    public int Next(ReadOnlySpan<float> logits, TokenHistory history, bool endAllowed, double temperature, ref CounterRandom random)
    {
        if (temperature == 0)
            return TensorPrimitives.IndexOfMax(Score(logits, history, endAllowed));
        return Draw(Weigh(logits, history, endAllowed, temperature), random.NextDouble());
    }

    /// <summary>Returns the natural logarithm of the probability that the model itself gives a token.</summary>
    public double LogProbability(ReadOnlySpan<float> logits, int id) => logits[id] - Softmax.LogSumExp(logits, _weights);

    /// <summary>Returns the logits after the penalties, with negative infinity for tokens that must not come. Valid until the next call.</summary>
    public ReadOnlySpan<float> Score(ReadOnlySpan<float> logits, TokenHistory history, bool endAllowed)
    {
        Softmax.Max(logits);
        PenalizeAndMask(logits, history, endAllowed);
        if (_banRepeats)
        {
            history.BanRepeats(_scores);
            if (float.IsNegativeInfinity(TensorPrimitives.Max<float>(_scores)))
                PenalizeAndMask(logits, history, endAllowed);
        }

        return _scores;
    }

    /// <summary>Returns what the probabilities of the tokens are proportional to, after all filters. Valid until the next call. // [V]</summary>
    public ReadOnlySpan<float> Weigh(ReadOnlySpan<float> logits, TokenHistory history, bool endAllowed, double temperature)
    {
        ReadOnlySpan<float> scores = Score(logits, history, endAllowed);
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max(scores), _weights);
        if (temperature != 1)
            TensorPrimitives.Multiply(_weights, (float)(1 / Math.Clamp(temperature, LeastFactor, MostFactor)), _weights);
        VectorMath.Exp(_weights, _weights);
        if (!_filter.IsOff)
            _filter.Apply(scores, _weights);
        return _weights;
    }

    /// <summary>Draws by the inverse of the cumulative sum.</summary>
    /// <param name="weights">What the probabilities are proportional to. // [V]</param>
    /// <param name="uniform">A number from [0, 1).</param>
    internal static int Draw(ReadOnlySpan<float> weights, double uniform)
    {
        double rest = uniform * Softmax.Sum(weights);
        int last = 0;
        for (int id = 0; id < weights.Length; id++)
        {
            if (weights[id] <= 0)
                continue;
            last = id;
            rest -= weights[id];
            if (rest < 0)
                break;
        }

        return last;
    }

    private void PenalizeAndMask(ReadOnlySpan<float> logits, TokenHistory history, bool endAllowed)
    {
        logits.CopyTo(_scores);
        if (_penalty != 1)
            history.Penalize(_scores, _penalty);
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
