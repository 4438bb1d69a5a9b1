namespace RnnLm.Managed.Training;

/// <summary>
/// What a cell reads and writes at one position for some rows of a batch. All pointers stand at the first of these rows; rows of states are
/// <see cref="StateStride"/> apart.
/// </summary>
internal unsafe struct CellStep<T>
    where T : unmanaged
{
    /// <summary>The number of rows.</summary>
    public int Rows;

    /// <summary>Forward: the products, then the activated gates. Backward: the activated gates, then their gradients. // [rows, blocks,
    /// H]</summary>
    public T* Gates;

    public nint GateStride;

    /// <summary>The distance of two gates of a row.</summary>
    public nint Block;

    /// <summary>The input products by token, or <see langword="null"/> where those of each row stand in <see cref="Gates"/> already. // [V,
    /// gates, H]</summary>
    public T* Table;

    public nint TableStride;

    /// <summary>The token of each row.</summary>
    public int* Tokens;

    /// <summary>The biases, summed where the products are. // [blocks, H]</summary>
    public T* Bias;

    /// <summary>As many zeros as a row has input products.</summary>
    public T* Zeros;

    public nint StateStride;
    public T* PreviousHidden;
    public T* PreviousCell;

    /// <summary>tanh(c), kept for the way back.</summary>
    public T* CellTanh;

    /// <summary>Forward: takes the hidden state. Backward: holds its gradient.</summary>
    public T* Output;

    public nint OutputStride;

    /// <summary>The number of the rows, from the first on, that go on after this position (forward), or did before it (backward).</summary>
    public int Continuing;

    /// <summary>Forward: takes the hidden state of rows that go on. Backward: the gradient of the hidden state before.</summary>
    public T* NextHidden;

    public nint NextStride;

    /// <summary>As <see cref="NextHidden"/> for an LSTM's cell state, forward.</summary>
    public T* NextCell;

    /// <summary>The same for rows that end (forward) or begin (backward) here.</summary>
    public T* EndHidden;

    public T* EndCell;

    /// <summary>Backward: the gradient of an LSTM's cell state, handed from position to position.</summary>
    public T* CellGradient;

    public readonly T* InputRow(int row) => Table is null ? Zeros : Table + (Tokens[row] * TableStride);

    public readonly T* NextHiddenRow(int row) => row < Continuing ? NextHidden + (row * NextStride) : EndHidden + (row * StateStride);

    public readonly T* NextCellRow(int row) => row < Continuing ? NextCell + (row * StateStride) : EndCell + (row * StateStride);
}
