using RnnLm.Numerics;

namespace RnnLm.Drawing;

/// <summary>Leaves only some tokens to be drawn: top-k, top-p, min-p and typical, in this order, each on what those before it left. One
/// token is always left.</summary>
internal sealed class CandidateFilter
{
    private readonly int _topK;
    private readonly double _topP, _minP, _typicalP;
    private readonly ulong[] _order;
    private readonly float[] _weights;   // [V]

    public CandidateFilter(SamplingOptions options, int vocabularySize)
    {
        (_topK, _topP, _minP, _typicalP) = (options.TopK, options.TopP, options.MinP, options.TypicalP);
        IsOff = _topK == 0 && _topP == 1 && _minP == 0 && _typicalP == 1;
        _order = IsOff ? [] : new ulong[vocabularySize];
        _weights = IsOff ? [] : new float[vocabularySize];
    }

    /// <summary>Gets whether no filter was asked for.</summary>
    public bool IsOff { get; }

    /// <summary>Sets the score of each token that is left out to negative infinity.</summary>
    /// <param name="scores">The logits; negative infinity for tokens that are banned. // [V]</param>
    /// <param name="scale">What they are multiplied by: one over the temperature.</param>
    public void Apply(Span<float> scores, float scale)
    {
        Span<float> weights = _weights;
        Softmax.Weights(scores, scale, weights);
        Span<ulong> order = Sort(scores);
        int last = MinP(order, weights, TopP(order, weights, TopK(order, scores)));
        int first = Typical(order[..last], weights, out last);
        for (int i = 0; i < order.Length; i++)
        {
            if (i < first || i >= last)
                scores[Id(order[i])] = float.NegativeInfinity;
        }
    }

    /// <summary>Sorts the tokens that are not banned, most likely first and equals by id: the score's bits, so turned that they order,
    /// stand above the id.</summary>
    private Span<ulong> Sort(ReadOnlySpan<float> scores)
    {
        int count = 0;
        for (int id = 0; id < scores.Length; id++)
        {
            if (float.IsNegativeInfinity(scores[id]))
                continue;
            int bits = BitConverter.SingleToInt32Bits(scores[id] + 0f);   // + 0 makes -0 and 0 one
            uint descending = bits < 0 ? (uint)bits : ~((uint)bits ^ 0x8000_0000);
            _order[count++] = ((ulong)descending << 32) | (uint)id;
        }

        Span<ulong> order = _order.AsSpan(0, count);
        order.Sort();
        return order;
    }

    private int TopK(ReadOnlySpan<ulong> order, ReadOnlySpan<float> scores)
    {
        if (_topK == 0 || _topK >= order.Length)
            return order.Length;
        int last = _topK;
        while (last < order.Length && scores[Id(order[last])] == scores[Id(order[last - 1])])
            last++;
        return last;
    }

    private int TopP(ReadOnlySpan<ulong> order, ReadOnlySpan<float> weights, int last)
    {
        if (_topP == 1)
            return last;
        double bound = _topP * Sum(order[..last], weights), sum = 0;
        int kept = 0;
        do
            sum += weights[Id(order[kept++])];
        while (kept < last && sum < bound);
        return kept;
    }

    private int MinP(ReadOnlySpan<ulong> order, ReadOnlySpan<float> weights, int last)
    {
        double least = _minP * weights[Id(order[0])];
        while (last > 1 && weights[Id(order[last - 1])] < least)
            last--;
        return last;
    }

    /// <summary>
    /// Surprise grows along the order, so the tokens whose surprise is nearest the expected one stand together: the set grows from where
    /// the order crosses the expected surprise, to the nearer side each time, until it is likely enough, and then takes in what is as near
    /// as the last.
    /// </summary>
    private int Typical(ReadOnlySpan<ulong> order, ReadOnlySpan<float> weights, out int last)
    {
        last = order.Length;
        if (_typicalP == 1)
            return 0;
        double total = Sum(order, weights), expected = 0;
        foreach (ulong entry in order)
        {
            double probability = weights[Id(entry)] / total;
            expected -= probability > 0 ? probability * Math.Log(probability) : 0;
        }

        last = 0;
        while (last < order.Length && Surprise(order[last], weights, total) < expected)
            last++;
        int first = last;
        double sum = 0, farthest = -1;
        while (first > 0 || last < order.Length)
        {
            double below = first > 0 ? expected - Surprise(order[first - 1], weights, total) : double.PositiveInfinity;
            double above = last < order.Length ? Surprise(order[last], weights, total) - expected : double.PositiveInfinity;
            if (sum >= _typicalP * total && Math.Min(below, above) > farthest)
                break;
            farthest = Math.Min(below, above);
            sum += weights[Id(order[last == order.Length || (first > 0 && below <= above) ? --first : last++])];
        }

        return first;
    }

    private static double Surprise(ulong entry, ReadOnlySpan<float> weights, double total) => -Math.Log(weights[Id(entry)] / total);

    private static double Sum(ReadOnlySpan<ulong> order, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        foreach (ulong entry in order)
            sum += weights[Id(entry)];
        return sum;
    }

    private static int Id(ulong entry) => (int)(uint)entry;
}
