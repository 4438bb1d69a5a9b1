namespace RnnLm.PyTorch;

/// <summary>A tensor as a part of a storage. All of it lies within the storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Where in it the first number is.</param>
/// <param name="Shape">The lengths of its dimensions.</param>
/// <param name="Strides">How far apart neighbours of each dimension are.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, int[] Shape, long[] Strides)
{
    private const int MaximumDimensions = 8;

    /// <summary>Gets the shape for people: <c>[65, 128]</c>.</summary>
    public string Size => $"[{string.Join(", ", Shape)}]";

    /// <summary>Gets whether its numbers stand one behind the other.</summary>
    public bool IsContiguous
    {
        get
        {
            long stride = 1;
            for (int i = Shape.Length - 1; i >= 0; stride *= Shape[i--])
            {
                if (Shape[i] != 1 && Strides[i] != stride)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Reads the arguments of <c>_rebuild_tensor_v2</c>: storage, offset, size, stride, and what only training needs.</summary>
    /// <exception cref="FormatException">They are others, or the tensor does not lie within its storage.</exception>
    public static TorchTensor Of(object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] size, object?[] stride, ..] || size.Length != stride.Length
            || size.Length > MaximumDimensions || !Array.TrueForAll([.. size, .. stride, offset], value => value is long and >= 0))
            throw new FormatException("its pickle makes a tensor in a way that is not known");
        long[] shape = [.. size.Cast<long>()], strides = [.. stride.Cast<long>()];
        Int128 count = 1, last = offset;
        for (int i = 0; i < shape.Length; i++)
        {
            count *= shape[i];
            last += (Int128)(shape[i] - 1) * strides[i];
            if (count > Array.MaxLength || shape[i] > Array.MaxLength)
                throw new FormatException($"it has a tensor of shape [{string.Join(", ", shape)}], which is too large");
        }

        return count == 0 || last < storage.Count
            ? new(storage, offset, [.. shape.Select(length => (int)length)], strides)
            : throw new FormatException($"it has a tensor of shape [{string.Join(", ", shape)}] from {offset} on that reaches beyond its "
                + $"storage of {storage.Count} numbers");
    }

    /// <summary>Returns where in the storage the numbers are, the last dimension running fastest.</summary>
    public IEnumerable<long> Places()
    {
        int[] index = new int[Shape.Length];
        for (long left = Shape.Aggregate(1L, (product, length) => product * length); left > 0; left--)
        {
            long place = Offset;
            for (int i = 0; i < index.Length; i++)
                place += index[i] * Strides[i];
            yield return place;
            for (int i = index.Length - 1; i >= 0 && ++index[i] == Shape[i]; i--)
                index[i] = 0;
        }
    }
}
