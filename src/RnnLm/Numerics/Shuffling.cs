namespace RnnLm.Numerics;

/// <summary>Random orders that are pure functions of a seed and a round.</summary>
internal static class Shuffling
{
    /// <summary>Returns the numbers from 0 to <paramref name="count"/> - 1 in random order (Fisher and Yates).</summary>
    public static int[] Permutation(int count, ulong seed, long round)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Shuffle(order, seed, round);
        return order;
    }

    public static void Shuffle(Span<int> items, ulong seed, long round)
    {
        var random = new CounterRandom(seed, (ulong)round, RandomPurpose.Order);
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
