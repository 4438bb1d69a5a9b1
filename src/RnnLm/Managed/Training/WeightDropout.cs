using System.Numerics;
using System.Numerics.Tensors;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// A weight matrix without some of its elements, others for each step (DropConnect, Wan et al., 2013). Products are computed with
/// <see cref="Weights"/>, and their gradients gathered apart, as an element that is left out gets none.
/// </summary>
/// <param name="probability">The probability of leaving an element out; with 0 nothing is, and there is nothing to call here.</param>
/// <param name="site">The place in the network, another one than that of any <see cref="Dropout{T}"/>.</param>
/// <param name="weight">The matrix.</param>
/// <param name="rows">Its rows.</param>
internal sealed unsafe class WeightDropout<T>(double probability, int site, Parameter weight, Axis rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dropout<T> _dropout = new(probability, site);
    private readonly AlignedBuffer<T> _weights = new(probability > 0 ? weight.Length : 0);
    private readonly AlignedBuffer<T> _gradients = new(probability > 0 ? weight.Length : 0);

    /// <summary>Gets whether anything is left out.</summary>
    public bool Active => _dropout.Active;

    /// <summary>Gets the matrix of this step.</summary>
    public T* Weights => _weights.Pointer;

    /// <summary>Gets where the gradients of a step are gathered.</summary>
    public T* Gradients => _gradients.Pointer;

    /// <summary>Chooses the elements that a step leaves out.</summary>
    public void Begin(ulong seed, long step) => _dropout.Begin(seed, step);

    /// <summary>Fills one share of <see cref="Weights"/>.</summary>
    public void Fill(T* source, int share, int shares) =>
        Apply(source, _weights.Pointer, rows.Padded * share / shares, rows.Padded * (share + 1) / shares);

    /// <summary>Clears the gradients of some rows.</summary>
    /// <param name="first">The first row, counted without padding.</param>
    /// <param name="last">The one past the last.</param>
    public void ClearGradients(int first, int last)
    {
        (int start, int end) = Padded(first, last);
        _gradients.Span[(start * weight.Stride)..(end * weight.Stride)].Clear();
    }

    /// <summary>Adds the gradients of some rows to those of the matrix.</summary>
    public void AddGradients(T* destination, int first, int last)
    {
        (int start, int end) = Padded(first, last);
        Apply(_gradients.Pointer, _gradients.Pointer, start, end);
        Span<T> own = _gradients.Span[(start * weight.Stride)..(end * weight.Stride)];
        var sum = new Span<T>(destination + ((nint)start * weight.Stride), own.Length);
        TensorPrimitives.Add<T>(sum, own, sum);
    }

    private (int Start, int End) Padded(int first, int last) => last > first ? (rows.Offset(first), rows.Offset(last - 1) + 1) : (0, 0);

    private void Apply(T* source, T* destination, int first, int last)
    {
        nint offset = (nint)first * weight.Stride;
        _dropout.Apply(source + offset, destination + offset, weight.Stride, first, last - first, weight.Stride);
    }
}
