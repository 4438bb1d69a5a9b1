using RnnLm.Numerics;

namespace RnnLm.Data;

/// <summary>Which rows stand together in a minibatch: rows of near lengths, the longest first, in another mixture each epoch.</summary>
internal sealed class PackedOrder : RowOrder
{
    private readonly Func<long, int[]> _rowsOfEpoch;
    private readonly Func<int, int> _length;
    private readonly int _count, _batchSize, _poolBatches;
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private readonly int[] _batchOrder;
    private int[] _order = [];
    private long _orderedEpoch = -1;

    /// <param name="count">The number of rows in an epoch.</param>
    /// <param name="rowsOfEpoch">Returns the rows of an epoch; the array is not written to.</param>
    /// <param name="length">Returns the length of a row.</param>
    /// <param name="batchSize">The number of rows in a batch.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="shuffle">Whether the order is drawn.</param>
    /// <param name="poolBatches">The number of batches within which rows are sorted by length: near lengths together, and still another
    /// mixture in each epoch.</param>
    public PackedOrder(int count, Func<long, int[]> rowsOfEpoch, Func<int, int> length, int batchSize, ulong seed, bool shuffle,
        int poolBatches = 32)
    {
        (_count, _rowsOfEpoch, _length, _seed, _shuffle, _poolBatches) = (count, rowsOfEpoch, length, seed, shuffle, poolBatches);
        if (count == 0)
            throw new TextDataException("there are no rows to train on.");
        _batchSize = Math.Min(batchSize, count);
        _batchOrder = [.. Enumerable.Range(0, (int)BatchesPerEpoch)];
    }

    public override long BatchesPerEpoch => (_count + _batchSize - 1) / _batchSize;

    /// <summary>
    /// Gets the number of positions of the longest rows, as many as are in a batch. (Rows that are drawn anew may hold the longest more
    /// than once.)
    /// </summary>
    public override long MostPositions => PositionsOfLongest(_rowsOfEpoch(0), _length, _batchSize);

    public override int[] Batch(long step)
    {
        (long epoch, long index) = Math.DivRem(step, BatchesPerEpoch);
        Order(_shuffle ? epoch : 0);
        int first = _batchOrder[index] * _batchSize, count = Math.Min(_batchSize, _count - first);
        int[] rows = _order[first..(first + count)];
        SortByLength(rows, _length, descending: true);
        return rows;
    }

    private void Order(long epoch)
    {
        if (epoch == _orderedEpoch)
            return;
        _order = (int[])_rowsOfEpoch(epoch).Clone();
        for (int i = 0; i < _batchOrder.Length; i++)
            _batchOrder[i] = i;
        if (_shuffle)
        {
            Shuffling.Shuffle(_order, _seed, epoch * 2);
            Shuffling.Shuffle(_batchOrder, _seed, (epoch * 2) + 1);
        }

        int pool = _poolBatches * _batchSize;
        for (int first = 0; first < _order.Length; first += pool)
            SortByLength(_order.AsSpan(first, Math.Min(pool, _order.Length - first)), _length, descending: false);
        _orderedEpoch = epoch;
    }
}
