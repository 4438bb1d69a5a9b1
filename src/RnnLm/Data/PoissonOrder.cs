using RnnLm.Numerics;

namespace RnnLm.Data;

/// <summary>
/// Minibatches that each row joins by itself, with the same probability, as private training needs it. They have as many rows as the user
/// asked for in the mean, and may be empty.
/// </summary>
internal sealed class PoissonOrder : RowOrder
{
    private readonly int[] _rows;
    private readonly Func<int, int> _length;
    private readonly PoissonSampling _sampling;
    private readonly ulong _seed;

    /// <param name="rows">The rows.</param>
    /// <param name="length">Returns the length of a row.</param>
    /// <param name="batchSize">The number of rows of a minibatch in the mean.</param>
    /// <param name="seed">The seed of the draw.</param>
    public PoissonOrder(int[] rows, Func<int, int> length, int batchSize, ulong seed)
    {
        if (rows.Length == 0)
            throw new TextDataException("there are no rows to train on.");
        (_rows, _length, _seed) = (rows, length, seed);
        _sampling = new(rows.Length, Math.Min(batchSize, rows.Length));
    }

    public override long BatchesPerEpoch => (_rows.Length + _sampling.ExpectedRows - 1) / _sampling.ExpectedRows;

    public override long MostPositions => PositionsOfLongest(_rows, _length, _sampling.ExpectedRows);

    public override PoissonSampling Sampling => _sampling;

    public override int[] Batch(long step)
    {
        var random = new CounterRandom(_seed, (ulong)step, RandomPurpose.Joining);
        var joined = new List<int>();
        double left = Math.Log(1 - _sampling.Rate);
        // The number of rows that are passed over before the next one joins is geometric; no row is asked by itself.
        for (long i = 0; ; i++)
        {
            i += (long)Math.Floor(Math.Log(1 - random.NextDouble()) / left);
            if (i >= _rows.Length)
                break;
            joined.Add(_rows[i]);
        }

        int[] rows = [.. joined];
        SortByLength(rows, _length, descending: true);
        return rows;
    }
}
