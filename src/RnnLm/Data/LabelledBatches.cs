using RnnLm.Numerics;

namespace RnnLm.Data;

/// <summary>
/// Labelled rows as packed minibatches for a classifier: rows of near lengths together, the longest first. With balanced sampling an epoch
/// draws its rows anew, each class as often as the others. A text without characters is read as one token, the first of the vocabulary.
/// </summary>
internal sealed class LabelledBatches : BatchSource
{
    // Labels go with lengths: batches of one length each would pull the weights to and fro.
    private const int PoolBatches = 4;

    private readonly Corpus _corpus;
    private readonly RowOrder _order;

    /// <param name="corpus">Texts, with their labels as conditions.</param>
    /// <param name="rows">The rows to read; each has a label.</param>
    /// <param name="batchSize">The number of rows in a batch.</param>
    /// <param name="balanced">Whether rows are drawn so that each class comes as often.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="shuffle">Whether the order is drawn.</param>
    /// <param name="poisson">Whether each row joins a minibatch by itself, as private training needs it; then no class is balanced.</param>
    public LabelledBatches(Corpus corpus, int[] rows, int batchSize, bool balanced, ulong seed, bool shuffle, bool poisson = false)
    {
        _corpus = corpus;
        Func<long, int[]> rowsOfEpoch = balanced ? epoch => DrawBalanced(rows, seed, epoch) : _ => rows;
        _order = poisson ? new PoissonOrder(rows, SequenceLength, batchSize, seed)
            : new PackedOrder(rows.Length, rowsOfEpoch, SequenceLength, batchSize, seed, shuffle, PoolBatches);
        TargetsPerEpoch = rows.Length;
    }

    public override long BatchesPerEpoch => _order.BatchesPerEpoch;

    public override long TargetsPerEpoch { get; }

    public override long MostPositions => _order.MostPositions;

    public override PoissonSampling? Sampling => _order.Sampling;

    public override Minibatch Get(long step)
    {
        int[] rows = _order.Batch(step);
        int length = rows.Length > 0 ? SequenceLength(rows[0]) : 0, count = rows.Length;
        int[] inputs = new int[length * count], sequence = new int[length];   // [T, B]
        for (int b = 0; b < count; b++)
        {
            Span<int> ids = sequence.AsSpan(0, _corpus.RowLength(rows[b]));
            _corpus.Tokens.Read(_corpus.RowStarts[rows[b]], ids);
            for (int t = 0; t < ids.Length; t++)
                inputs[(t * count) + b] = ids[t];
        }

        return new Minibatch
        {
            Length = length,
            BatchSize = count,
            Inputs = inputs,
            Targets = [],
            Lengths = Array.ConvertAll(rows, SequenceLength),
            Labels = Array.ConvertAll(rows, row => _corpus.Conditions[row]),
        };
    }

    private int SequenceLength(int row) => Math.Max(1, _corpus.RowLength(row));

    /// <summary>Draws as many rows as there are, each time first a class that has rows and then one of its rows.</summary>
    private int[] DrawBalanced(int[] rows, ulong seed, long epoch)
    {
        int[][] byClass = [.. rows.GroupBy(row => _corpus.Conditions[row]).OrderBy(group => group.Key).Select(group => group.ToArray())];
        var random = new CounterRandom(seed, (ulong)epoch, RandomPurpose.Balance);
        int[] drawn = new int[rows.Length];
        for (int i = 0; i < drawn.Length; i++)
        {
            int[] ofClass = byClass[random.NextInt(byClass.Length)];
            drawn[i] = ofClass[random.NextInt(ofClass.Length)];
        }

        return drawn;
    }
}
