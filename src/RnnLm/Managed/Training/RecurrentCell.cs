using System.Numerics;
using RnnLm.Modeling;

namespace RnnLm.Managed.Training;

/// <summary>
/// The element-wise part of a recurrent cell: from the products of a position to gates and states, and back. A row of gates holds
/// <see cref="Blocks"/> blocks of H: those that the input's product feeds are the first <see cref="Gates"/>, those that the hidden state's
/// product feeds the last <see cref="Gates"/>.
/// </summary>
internal abstract class RecurrentCell<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    /// <summary>Gets the number of gates of a product.</summary>
    public abstract int Gates { get; }

    /// <summary>Gets the number of blocks of a row of gates.</summary>
    public virtual int Blocks => Gates;

    /// <summary>Makes the cell of a model.</summary>
    public static RecurrentCell<T, TVector> Create(ModelConfig config) => config.Cell switch
    {
        CellType.Lstm => new LstmCell<T, TVector>(),
        CellType.Gru => new GruCell<T, TVector>(),
        _ => new RnnCell<T, TVector>(config.Nonlinearity),
    };

    /// <summary>Computes some hidden units from the products.</summary>
    /// <param name="step">The rows.</param>
    /// <param name="first">The first unit.</param>
    /// <param name="last">The one past the last; whole vectors are computed.</param>
    public abstract void Forward(in CellStep<T> step, int first, int last);

    /// <summary>Turns the gates of some hidden units into their gradients, and hands on the gradients of the states but for the product's
    /// part.</summary>
    public abstract void Backward(in CellStep<T> step, int first, int last);
}
