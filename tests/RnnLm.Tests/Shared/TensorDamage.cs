using RnnLm.Modeling;

namespace RnnLm.Tests;

/// <summary>Damages the arrays of a file as a faulty program would.</summary>
internal static class TensorDamage
{
    /// <summary>Removes, renames, reshapes or adds an array, or puts NaN or infinity into one.</summary>
    public static void Damage(Random random, List<WeightTensor> tensors)
    {
        int at = random.Next(tensors.Count);
        WeightTensor tensor = tensors[at];
        switch (random.Next(6))
        {
            case 0: tensors.RemoveAt(at); break;
            case 1: tensors[at] = Copy(tensor, tensor.Name + "x", tensor.Shape); break;
            case 2: tensors[at] = Copy(tensor, tensor.Name, [.. tensor.Shape.Reverse()]); break;
            case 3: tensors[at] = Copy(tensor, tensor.Name, [1, .. tensor.Shape]); break;
            case 4: tensors.Add(Copy(tensor, "extra", tensor.Shape)); break;
            default: tensor.Values[random.Next(tensor.Values.Length)] = random.Next(2) == 0 ? float.NaN : float.NegativeInfinity; break;
        }
    }

    public static WeightTensor Copy(WeightTensor tensor, string name, int[] shape)
    {
        var copy = new WeightTensor(name, shape);
        tensor.Values.CopyTo(copy.Values, 0);
        return copy;
    }
}
