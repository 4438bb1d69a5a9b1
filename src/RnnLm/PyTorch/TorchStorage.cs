namespace RnnLm.PyTorch;

/// <summary>Numbers in a file of PyTorch, of which tensors show parts.</summary>
/// <param name="Key">The name of the record that holds them.</param>
/// <param name="Type">Their type.</param>
/// <param name="Count">How many there are.</param>
internal sealed record TorchStorage(string Key, TorchType Type, long Count)
{
    /// <summary>Gets the number of bytes.</summary>
    public long Length => Count * Type.Size;

    /// <summary>Reads the id under which a pickle names a storage: <c>('storage', type, key, device, count)</c>.</summary>
    /// <exception cref="FormatException">It is another id.</exception>
    public static TorchStorage Of(object?[] id) =>
        id is ["storage", TorchType type, string key, string, long count, ..] && (id.Length == 5 || id is [.., null]) && id.Length <= 6
        && count >= 0 && count <= long.MaxValue / 8
            ? new(key, type, count)
            : throw new FormatException("its pickle names a storage in a way that is not known");
}
