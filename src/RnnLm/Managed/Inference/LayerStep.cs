namespace RnnLm.Managed.Inference;

/// <summary>What a layer steps: rows, each a text's, with their input and state.</summary>
internal unsafe struct LayerStep
{
    /// <summary>The number of rows.</summary>
    public int Rows;

    /// <summary>The token of each row, for a layer that reads tokens.</summary>
    public int* Tokens;

    /// <summary>The input of each row, for a layer that reads vectors.</summary>
    public float* Input;

    /// <summary>The distance between rows of the input.</summary>
    public nint InputStride;

    /// <summary>The hidden state before.</summary>
    public float* Hidden;

    /// <summary>Takes the new hidden state; the old one is read until all of the step is done.</summary>
    public float* Next;

    /// <summary>The cell state, replaced by the new one; only an LSTM has it.</summary>
    public float* Cell;

    /// <summary>The distance between rows of the states, padding included.</summary>
    public nint StateStride;

    /// <summary>Returns the same step for rows that begin further on.</summary>
    public readonly LayerStep From(int row, int rows) => this with
    {
        Rows = rows,
        Tokens = Tokens + row,
        Input = Input + (row * InputStride),
        Hidden = Hidden + (row * StateStride),
        Next = Next + (row * StateStride),
        Cell = Cell + (row * StateStride),
    };
}
