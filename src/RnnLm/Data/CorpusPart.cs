using RnnLm.Diagnostics;
using RnnLm.Numerics;

namespace RnnLm.Data;

/// <summary>A part of a corpus: a stretch of a running text, or some of the rows.</summary>
/// <param name="Start">The first id of the stretch.</param>
/// <param name="Count">The number of ids of the stretch.</param>
/// <param name="Rows">The rows, where the corpus has rows.</param>
internal sealed record CorpusPart(long Start, long Count, int[] Rows)
{
    public static CorpusPart Whole(Corpus corpus) => new(0, corpus.Tokens.Count, [.. Enumerable.Range(0, corpus.Rows)]);

    /// <summary>Keeps a fraction of a corpus apart for validation: the end of a running text, or random rows.</summary>
    /// <exception cref="TextDataException">One of the two parts would be too small.</exception>
    public static (CorpusPart Training, CorpusPart? Validation) Split(Corpus corpus, double fraction, ulong seed)
    {
        CorpusPart whole = Whole(corpus);
        if (fraction == 0)
            return (whole, null);
        bool rows = corpus.Rows > 0;
        long total = rows ? corpus.Rows : whole.Count, apart = (long)Math.Round(total * fraction);
        int least = rows ? 1 : 2;
        if (apart < least || total - apart < least)
        {
            throw new TextDataException($"{OptionIds.ValidationFraction.Set(fraction)} of "
                + $"{Counted.Of(total, rows ? "row" : "character")} leaves "
                + $"{apart:N0} for validation and {total - apart:N0} for training, which is too little. Give more data, validation data of "
                + $"their own, or set {OptionIds.ValidationFraction.Set(0)}.");
        }

        if (!rows)
            return (new(0, total - apart, []), new(total - apart, apart, []));
        (int[] training, int[] validation) = SplitRows((int)total, fraction, seed);
        return (whole with { Rows = training }, whole with { Rows = validation });
    }

    /// <summary>Returns which rows are trained on and which are kept apart, each in ascending order.</summary>
    public static (int[] Training, int[] Validation) SplitRows(int total, double fraction, ulong seed)
    {
        int apart = (int)Math.Round(total * fraction);
        int[] order = Shuffling.Permutation(total, seed, 0);
        int[] training = order[apart..], validation = order[..apart];
        Array.Sort(training);
        Array.Sort(validation);
        return (training, validation);
    }
}
