using System.Numerics;
using System.Runtime.CompilerServices;

namespace RnnLm.Managed.Training;

/// <summary>Softmax, its cross-entropy with a target, and the gradient of that, row by row in one pass.</summary>
internal static unsafe class SoftmaxCrossEntropy<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    /// <summary>Turns logits without their biases into probabilities times <paramref name="scale"/>.</summary>
    /// <param name="row">The logits; takes the result.</param>
    /// <param name="bias">The biases; those of padding are minus infinity, which makes their probabilities 0.</param>
    /// <param name="columns">The number of columns, rounded up to whole vectors.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="target">A column.</param>
    /// <returns>The cross-entropy with the target, in nats.</returns>
    [SkipLocalsInit]
    public static T Scaled(T* row, T* bias, int columns, T scale, int target)
    {
        TVector top = TVector.Load(row) + TVector.Load(bias);
        TVector.Store(top, row);
        for (int j = TVector.Lanes; j < columns; j += TVector.Lanes)
        {
            TVector x = TVector.Load(row + j) + TVector.Load(bias + j);
            TVector.Store(x, row + j);
            top = TVector.IfLess(top, x, x, top);
        }

        T most = TVector.Max(top), logit = row[target];
        TVector shift = TVector.Create(most);
        T* sums = stackalloc T[IVector<TVector, T>.Columns];
        for (int first = 0; first < IVector<TVector, T>.Columns; first += TVector.Lanes)
        {
            TVector part = default;
            for (int j = first; j < columns; j += IVector<TVector, T>.Columns)
            {
                TVector e = TVector.Exp(TVector.Load(row + j) - shift);
                TVector.Store(e, row + j);
                part += e;
            }

            TVector.Store(part, sums + first);
        }

        T sum = TVector.Sum(sums);
        TVector factor = TVector.Create(scale / sum);
        for (int j = 0; j < columns; j += TVector.Lanes)
            TVector.Store(TVector.Load(row + j) * factor, row + j);
        return T.Log(sum) + most - logit;
    }

    /// <summary>Returns the column of the largest logit, the first of equals.</summary>
    public static int ArgMax(T* row, T* bias, int columns)
    {
        int best = 0;
        for (int j = 1; j < columns; j++)
        {
            if (row[j] + bias[j] > row[best] + bias[best])
                best = j;
        }

        return best;
    }
}
