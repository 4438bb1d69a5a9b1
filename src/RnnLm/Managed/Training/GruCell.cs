using System.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// Gated recurrent unit: n = tanh(W x + r·(U h + b)), h = (1 - z)·n + z·h. The candidate's two products stay apart, so a row has four
/// blocks: n (the input's part), r, z, and the hidden state's part of n. The input feeds the first three, the hidden state the last three.
/// </summary>
internal sealed unsafe class GruCell<T, TVector> : RecurrentCell<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    public override int Gates => 3;

    public override int Blocks => 4;

    public override void Forward(in CellStep<T> step, int first, int last)
    {
        nint block = step.Block;
        for (int row = 0; row < step.Rows; row++)
        {
            T* gates = step.Gates + (row * step.GateStride), input = step.InputRow(row), bias = step.Bias;
            T* candidate = step.Table is null ? gates : input;
            T* previous = step.PreviousHidden + (row * step.StateStride);
            T* output = step.Output + (row * step.OutputStride), next = step.NextHiddenRow(row);
            for (nint j = first; j < last; j += TVector.Lanes)
            {
                nint r0 = j + block, z0 = r0 + block, hn0 = z0 + block;
                TVector r = TVector.Sigmoid(TVector.Load(gates + r0) + TVector.Load(input + r0) + TVector.Load(bias + r0));
                TVector z = TVector.Sigmoid(TVector.Load(gates + z0) + TVector.Load(input + z0) + TVector.Load(bias + z0));
                TVector hn = TVector.Load(gates + hn0) + TVector.Load(bias + hn0);
                TVector n = TVector.Tanh(TVector.MultiplyAdd(r, hn, TVector.Load(candidate + j) + TVector.Load(bias + j)));
                TVector h = TVector.MultiplyAdd(z, TVector.Load(previous + j) - n, n);
                TVector.Store(n, gates + j);
                TVector.Store(r, gates + r0);
                TVector.Store(z, gates + z0);
                TVector.Store(hn, gates + hn0);
                TVector.Store(h, output + j);
                TVector.Store(h, next + j);
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
            T* previous = step.PreviousHidden + (row * step.StateStride), previousGradient = step.NextHiddenRow(row);
            for (nint j = first; j < last; j += TVector.Lanes)
            {
                nint r0 = j + block, z0 = r0 + block, hn0 = z0 + block;
                TVector n = TVector.Load(gates + j), r = TVector.Load(gates + r0), z = TVector.Load(gates + z0),
                    hn = TVector.Load(gates + hn0);
                TVector dh = TVector.Load(output + j);
                TVector dn = dh * (one - z) * (one - (n * n));
                TVector.Store(dn, gates + j);
                TVector.Store(dn * hn * (r * (one - r)), gates + r0);
                TVector.Store(dh * (TVector.Load(previous + j) - n) * (z * (one - z)), gates + z0);
                TVector.Store(dn * r, gates + hn0);
                TVector.Store(TVector.MultiplyAdd(dh, z, TVector.Load(previousGradient + j)), previousGradient + j);
            }
        }
    }
}
