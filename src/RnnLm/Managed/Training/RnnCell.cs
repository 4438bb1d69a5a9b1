using System.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>h = tanh(Wx + Uh + b), or with the rectifier.</summary>
internal sealed unsafe class RnnCell<T, TVector>(Nonlinearity nonlinearity) : RecurrentCell<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly bool _relu = nonlinearity == Nonlinearity.Relu;

    public override int Gates => 1;

    public override void Forward(in CellStep<T> step, int first, int last)
    {
        for (int row = 0; row < step.Rows; row++)
        {
            T* gates = step.Gates + (row * step.GateStride), input = step.InputRow(row);
            T* output = step.Output + (row * step.OutputStride), next = step.NextHiddenRow(row);
            for (int j = first; j < last; j += TVector.Lanes)
            {
                TVector z = TVector.Load(gates + j) + TVector.Load(input + j) + TVector.Load(step.Bias + j);
                TVector h = _relu ? TVector.IfLess(z, default, default, z) : TVector.Tanh(z);
                TVector.Store(h, gates + j);
                TVector.Store(h, output + j);
                TVector.Store(h, next + j);
            }
        }
    }

    public override void Backward(in CellStep<T> step, int first, int last)
    {
        TVector one = TVector.Create(T.One);
        for (int row = 0; row < step.Rows; row++)
        {
            T* gates = step.Gates + (row * step.GateStride), output = step.Output + (row * step.OutputStride);
            for (int j = first; j < last; j += TVector.Lanes)
            {
                TVector h = TVector.Load(gates + j), dh = TVector.Load(output + j);
                TVector.Store(_relu ? TVector.IfLess(default, h, dh, default) : dh * (one - (h * h)), gates + j);
            }
        }
    }
}
