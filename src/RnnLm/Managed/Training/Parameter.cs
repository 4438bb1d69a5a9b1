using System.Numerics;
using RnnLm.Modeling;

namespace RnnLm.Managed.Training;

/// <summary>Where the elements of one of <see cref="ModelWeights"/>' tensors stand in the engine's own layout.</summary>
internal sealed class Parameter
{
    private readonly Axis _rows;
    private readonly Axis _columns;
    private readonly bool _transposed;
    private readonly bool _lastGateFirst;

    /// <summary>Makes the layout of a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape; a tensor of a single dimension is one row.</param>
    /// <param name="offset">Where it starts.</param>
    /// <param name="rows">The tensor's rows.</param>
    /// <param name="columns">The tensor's columns.</param>
    /// <param name="transposed">Whether it is kept transposed, as the look-up table of a one-hot input is.</param>
    /// <param name="lastGateFirst">Whether the gates are kept in another order, as those of the input of a GRU are: n, r, z in place of r,
    /// z, n.</param>
    public Parameter(string name, int[] shape, int offset, Axis rows, Axis columns, bool transposed = false, bool lastGateFirst = false)
    {
        (Name, Shape, Offset) = (name, shape, offset);
        (_rows, _columns, _transposed, _lastGateFirst) = (rows, columns, transposed, lastGateFirst);
        Stride = transposed ? rows.Padded : columns.Padded;
        Length = (transposed ? columns.Padded : rows.Padded) * Stride;
    }

    /// <summary>Gets the tensor's name.</summary>
    public string Name { get; }

    /// <summary>Gets the tensor's shape.</summary>
    public int[] Shape { get; }

    /// <summary>Gets where it starts.</summary>
    public int Offset { get; }

    /// <summary>Gets the tensor's rows; a tensor of a single dimension is one row.</summary>
    public int Rows => _rows.Total;

    /// <summary>Gets the elements of a row.</summary>
    public int Columns => _columns.Total;

    /// <summary>Gets the distance of two rows as they are kept.</summary>
    public int Stride { get; }

    /// <summary>Gets the number of elements it takes, padding included.</summary>
    public int Length { get; }

    /// <summary>Copies the tensor out of the engine's layout.</summary>
    public void Read<T>(ReadOnlySpan<T> source, Span<float> tensor)
        where T : INumberBase<T>
    {
        for (int row = 0, i = 0; row < _rows.Total; row++)
        {
            for (int column = 0; column < _columns.Total; column++)
                tensor[i++] = float.CreateTruncating(source[Index(row, column)]);
        }
    }

    /// <summary>Copies a tensor into the engine's layout.</summary>
    public void Write<T>(ReadOnlySpan<float> tensor, Span<T> destination)
        where T : INumberBase<T>
    {
        for (int row = 0, i = 0; row < _rows.Total; row++)
        {
            for (int column = 0; column < _columns.Total; column++)
                destination[Index(row, column)] = T.CreateTruncating(tensor[i++]);
        }
    }

    /// <summary>Returns where an element stands.</summary>
    public int Index(int row, int column)
    {
        if (_lastGateFirst)
        {
            // The gates run along the rows of a matrix and along the columns of a bias.
            if (_rows.Count > 1)
                row = Rotate(row, _rows);
            else
                column = Rotate(column, _columns);
        }

        (int r, int c) = (_rows.Offset(row), _columns.Offset(column));
        return Offset + (_transposed ? (c * Stride) + r : (r * Stride) + c);
    }

    private static int Rotate(int index, Axis gates) => (index + gates.Length) % gates.Total;
}
