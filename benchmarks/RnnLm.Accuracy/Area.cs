namespace RnnLm.Accuracy;

/// <summary>The area under the ROC curve.</summary>
internal static class Area
{
    /// <summary>Returns the share of pairs in which the bad one scores higher, ties counting half.</summary>
    public static double Under(IEnumerable<double> bad, IEnumerable<double> good)
    {
        (double Score, bool IsBad)[] sorted = [.. bad.Select(score => (score, true)).Concat(good.Select(score => (score, false)))
            .OrderBy(pair => pair.Item1)];
        double won = 0, goods = 0, bads = 0;
        for (int begin = 0, end; begin < sorted.Length; begin = end)
        {
            int same = 0;
            for (end = begin; end < sorted.Length && sorted[end].Score == sorted[begin].Score; end++)
                same += sorted[end].IsBad ? 1 : 0;
            won += same * (goods + ((end - begin - same) / 2.0));
            (bads, goods) = (bads + same, goods + end - begin - same);
        }

        return won / bads / goods;
    }
}
