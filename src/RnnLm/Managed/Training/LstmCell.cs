using System.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>Long short-term memory: c = f·c + i·g, h = o·tanh(c). Blocks i, f, g, o, as PyTorch's.</summary>
internal sealed unsafe class LstmCell<T, TVector> : RecurrentCell<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    public override int Gates => 4;

    public override void Forward(in CellStep<T> step, int first, int last)
    {
        nint block = step.Block;
        for (int row = 0; row < step.Rows; row++)
        {
            T* gates = step.Gates + (row * step.GateStride), input = step.InputRow(row), bias = step.Bias;
            T* previous = step.PreviousCell + (row * step.StateStride), tanh = step.CellTanh + (row * step.StateStride);
            T* output = step.Output + (row * step.OutputStride), nextHidden = step.NextHiddenRow(row), nextCell = step.NextCellRow(row);
            for (nint j = first; j < last; j += TVector.Lanes)
            {
                nint f0 = j + block, g0 = f0 + block, o0 = g0 + block;
                TVector i = TVector.Sigmoid(TVector.Load(gates + j) + TVector.Load(input + j) + TVector.Load(bias + j));
                TVector f = TVector.Sigmoid(TVector.Load(gates + f0) + TVector.Load(input + f0) + TVector.Load(bias + f0));
                TVector g = TVector.Tanh(TVector.Load(gates + g0) + TVector.Load(input + g0) + TVector.Load(bias + g0));
                TVector o = TVector.Sigmoid(TVector.Load(gates + o0) + TVector.Load(input + o0) + TVector.Load(bias + o0));
                TVector c = TVector.MultiplyAdd(f, TVector.Load(previous + j), i * g), t = TVector.Tanh(c), h = o * t;
                TVector.Store(i, gates + j);
                TVector.Store(f, gates + f0);
                TVector.Store(g, gates + g0);
                TVector.Store(o, gates + o0);
                TVector.Store(t, tanh + j);
                TVector.Store(c, nextCell + j);
                TVector.Store(h, nextHidden + j);
                TVector.Store(h, output + j);
            }
        }
    }

    public override void Backward(in CellStep<T> step, int first, int last)
    {
        TVector one = TVector.Create(T.One);
        nint block = step.Block;
        for (int row = 0; row < step.Rows; row++)
        {
            T* gates = step.Gates + (row * step.GateStride), output = step.Output + (row * step.OutputStride);
            T* previous = step.PreviousCell + (row * step.StateStride), tanh = step.CellTanh + (row * step.StateStride);
            T* cellGradient = step.CellGradient + (row * step.StateStride);
            for (nint j = first; j < last; j += TVector.Lanes)
            {
                nint f0 = j + block, g0 = f0 + block, o0 = g0 + block;
                TVector i = TVector.Load(gates + j), f = TVector.Load(gates + f0), g = TVector.Load(gates + g0),
                    o = TVector.Load(gates + o0);
                TVector t = TVector.Load(tanh + j), dh = TVector.Load(output + j);
                TVector dc = TVector.MultiplyAdd(dh * o, one - (t * t), TVector.Load(cellGradient + j));
                TVector.Store(dc * f, cellGradient + j);
                TVector.Store(dc * g * (i * (one - i)), gates + j);
                TVector.Store(dc * TVector.Load(previous + j) * (f * (one - f)), gates + f0);
                TVector.Store(dc * i * (one - (g * g)), gates + g0);
                TVector.Store(dh * t * (o * (one - o)), gates + o0);
            }
        }
    }
}
