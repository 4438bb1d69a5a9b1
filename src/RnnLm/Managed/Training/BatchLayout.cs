using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// A minibatch as the network walks it: only the positions that are there, without padding. Position t has its rows at
/// <see cref="First"/>(t), as many as there are sequences longer than t; the sequences being sorted, these are the first ones.
/// </summary>
internal sealed unsafe class BatchLayout
{
    private readonly AlignedBuffer<int> _starts = new();
    private readonly AlignedBuffer<int> _tokens = new();
    private int[]? _lengths;

    /// <summary>Gets the minibatch.</summary>
    public Minibatch Batch { get; private set; } = null!;

    /// <summary>Gets the number of positions of the longest sequence.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the number of sequences.</summary>
    public int BatchSize { get; private set; }

    /// <summary>Gets the number of rows: of all positions of all sequences.</summary>
    public int Rows { get; private set; }

    /// <summary>Gets the token that is read at each row; free-running positions are filled in on the way.</summary>
    public int* Tokens => _tokens.Pointer;

    /// <summary>Takes a minibatch.</summary>
    /// <exception cref="ArgumentException">Its arrays don't fit each other or the model.</exception>
    public void Set(Minibatch batch, ModelConfig config)
    {
        MinibatchCheck.Check(batch, config);
        (Batch, BatchSize, _lengths) = (batch, batch.BatchSize, batch.Lengths);
        Length = _lengths?[0] ?? batch.Length;
        _starts.Reserve(Length + 1);
        Rows = 0;
        for (int t = 0, active = BatchSize; t < Length; t++)
        {
            while (LengthOf(active - 1) <= t)
                active--;
            _starts.Pointer[t] = Rows;
            Rows += active;
        }

        _starts.Pointer[Length] = Rows;
        _tokens.Reserve(Rows);
        for (int t = 0; t < Length; t++)
            batch.Inputs.AsSpan(t * BatchSize, Active(t)).CopyTo(new Span<int>(Tokens + First(t), Active(t)));
        MinibatchCheck.Within(new(Tokens, Rows), 0, config.VocabularySize, "input");
    }

    /// <summary>Lets go of the minibatch.</summary>
    public void Clear() => (Batch, _lengths) = (null!, null);

    /// <summary>Returns the first row of a position; of the position past the last, the number of rows.</summary>
    public int First(int t) => _starts.Pointer[t];

    /// <summary>Returns the number of sequences that reach a position; 0 beyond both ends.</summary>
    public int Active(int t) => t < 0 || t >= Length ? 0 : _starts.Pointer[t + 1] - _starts.Pointer[t];

    /// <summary>Returns the number of positions of a sequence.</summary>
    public int LengthOf(int sequence) => _lengths?[sequence] ?? Batch.Length;

    /// <summary>Returns the first sequence of a share, so that the shares have about the same number of rows. Some may be empty.</summary>
    public int Share(int share, int shares)
    {
        long goal = (long)Rows * share / shares, rows = 0;
        int sequence = 0;
        while (sequence < BatchSize && rows + (LengthOf(sequence) / 2) < goal)
            rows += LengthOf(sequence++);
        // Tiles are 12, 8, 6, 4, 2 or 1 rows high: a share of an odd number of sequences takes as long as one of the next even number.
        int whole = BatchSize < 16 * shares ? 2 : 4;
        return share == shares ? sequence : sequence / whole * whole;
    }
}
