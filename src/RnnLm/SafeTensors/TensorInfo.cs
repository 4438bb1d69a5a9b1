namespace RnnLm.SafeTensors;

/// <summary>What the header of a safetensors file says of one tensor.</summary>
/// <param name="Name">The name.</param>
/// <param name="DataType">The type of its elements, by safetensors' name: <c>F32</c>, <c>U8</c>, …</param>
/// <param name="Shape">The lengths of its dimensions; none for a single number.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where its bytes end.</param>
internal sealed record TensorInfo(string Name, string DataType, int[] Shape, long Begin, long End)
{
    /// <summary>Gets the number of elements.</summary>
    public int Count => (int)((End - Begin) / SizeOf(DataType));

    /// <summary>Gets the number of bytes of an element, or 0 for a type that is not read here.</summary>
    public static int SizeOf(string dataType) => dataType switch { "F64" => 8, "F32" => 4, "F16" or "BF16" => 2, "U8" => 1, _ => 0 };
}
