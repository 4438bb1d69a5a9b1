using RnnLm.Anomalies;

namespace RnnLm.Accuracy;

/// <summary>
/// A model of n-grams of characters with interpolated Kneser-Ney smoothing: one discount for each order, estimated from the n-grams that
/// are there once and twice, and below all orders the same probability for each character. A row stands between a start and an end.
/// </summary>
internal sealed class NGramModel
{
    private const char Start = '\u0002', End = '\u0003';

    private readonly int _order;
    private readonly int _characters;
    private readonly Dictionary<string, Context>[] _contexts;   // by length
    private readonly double[] _discounts;

    public NGramModel(IReadOnlyCollection<string> rows, int order)
    {
        _order = order;
        // The end, and one for all characters that the rows have not.
        _characters = rows.SelectMany(row => row).Distinct().Count() + 2;
        _contexts = [.. Enumerable.Range(0, order).Select(_ => new Dictionary<string, Context>(StringComparer.Ordinal))];
        _discounts = new double[order];
        foreach (string row in rows)
        {
            string framed = Framed(row);
            for (int at = order - 1; at < framed.Length; at++)
                Of(framed.AsSpan(at - order + 1, order - 1)).Add(framed[at]);
        }

        // A shorter n-gram counts once for each character that stands before it.
        for (int length = order - 1; length > 0; length--)
        {
            foreach ((string context, Context followers) in _contexts[length])
            {
                foreach (char next in followers.Counts.Keys)
                    Of(context.AsSpan(1)).Add(next);
            }
        }

        for (int length = 0; length < order; length++)
        {
            int[] counts = [.. _contexts[length].Values.SelectMany(context => context.Counts.Values)];
            double once = counts.Count(count => count == 1), twice = counts.Count(count => count == 2);
            _discounts[length] = once == 0 ? 0.5 : once / (once + (2 * twice));
        }
    }

    /// <summary>Returns how surprising a row is, its end counted.</summary>
    public RowSurprise Measure(string row)
    {
        string framed = Framed(row);
        double sum = 0, peak = 0;
        for (int at = _order - 1; at < framed.Length; at++)
        {
            double surprise = -Math.Log(Probability(framed.AsSpan(at - _order + 1, _order - 1), framed[at]));
            (sum, peak) = (sum + surprise, Math.Max(peak, surprise));
        }

        return new(row.Length + 1, (float)(sum / (row.Length + 1)), (float)peak);
    }

    private string Framed(string row) => new string(Start, _order - 1) + row + End;

    private double Probability(ReadOnlySpan<char> context, char next)
    {
        double lower = context.IsEmpty ? 1.0 / _characters : Probability(context[1..], next);
        if (!_contexts[context.Length].GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(context, out Context? followers))
            return lower;
        double discount = _discounts[context.Length];
        return (Math.Max(0, followers.Counts.GetValueOrDefault(next) - discount) + (discount * followers.Counts.Count * lower))
            / followers.Total;
    }

    private Context Of(ReadOnlySpan<char> context)
    {
        var lookup = _contexts[context.Length].GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(context, out Context? followers))
            lookup[context] = followers = new();
        return followers;
    }

    private sealed class Context
    {
        public Dictionary<char, int> Counts { get; } = [];

        public int Total { get; private set; }

        public void Add(char next)
        {
            Counts[next] = Counts.GetValueOrDefault(next) + 1;
            Total++;
        }
    }
}
