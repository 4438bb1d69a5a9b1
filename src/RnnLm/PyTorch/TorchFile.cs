using RnnLm.Diagnostics;

namespace RnnLm.PyTorch;

/// <summary>
/// A file that <c>torch.save</c> wrote: since PyTorch 1.6 a zip with a pickle and a record for each storage, before it one pickle after the
/// other with the storages at the end. The file may come from anyone: no code runs, and sizes are checked before memory is taken.
/// </summary>
internal abstract class TorchFile : IDisposable
{
    private readonly Dictionary<string, byte[]> _read = new(StringComparer.Ordinal);

    /// <summary>Gets the tensors.</summary>
    public StateDict Tensors { get; protected init; } = new([]);

    /// <summary>Gets the <c>config.json</c> that we put beside them, or null.</summary>
    public virtual byte[]? Config => null;

    /// <summary>Opens a file.</summary>
    /// <param name="stream">The file; it can seek.</param>
    /// <exception cref="FormatException">It is not a file of PyTorch, damaged, or holds more than tensors.</exception>
    public static TorchFile Open(Stream stream)
    {
        Span<byte> start = stackalloc byte[4];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position -= read;
        if (start[..read].SequenceEqual("PK\u0003\u0004"u8))
            return new TorchZip(stream);
        if (start[..read].SequenceEqual(LegacyTorchFile.Start))
            return new LegacyTorchFile(stream);
        // Any pickle may run code when Python loads it: what it asks for is named here, and loading it is no advice.
        if (read > 0 && start[0] == 0x80)
            PickleReader.Read(stream);
        throw new FormatException(read == 0 ? "it is empty"
            : "it is not a file of PyTorch: neither a zip nor what torch.save wrote before version 1.6. Give the file that "
                + "torch.save(model.state_dict(), path) wrote");
    }

    /// <summary>Reads a tensor, turning its numbers into single precision.</summary>
    /// <param name="tensor">The tensor, of floating-point numbers.</param>
    /// <param name="destination">Takes its elements.</param>
    /// <exception cref="FormatException">The file ends before.</exception>
    public void Read(TorchTensor tensor, Span<float> destination)
    {
        TorchStorage storage = tensor.Storage;
        if (!_read.TryGetValue(storage.Key, out byte[]? bytes))
            _read.Add(storage.Key, bytes = ReadStorage(storage));
        if (bytes.Length < storage.Length)
            throw new FormatException($"it gives its storage '{storage.Key}' two sizes");
        int next = 0, size = storage.Type.Size;
        foreach (long place in tensor.Places())
            destination[next++] = storage.Type.Read(bytes.AsSpan((int)(place * size), size));
    }

    public abstract void Dispose();

    /// <summary>Reads all bytes of a storage.</summary>
    /// <exception cref="FormatException">There are fewer than it asks for; which is known before memory is taken.</exception>
    protected abstract byte[] ReadStorage(TorchStorage storage);

    /// <summary>Reads all bytes of a storage from where a stream stands.</summary>
    protected static byte[] ReadStorage(TorchStorage storage, Stream stream)
    {
        if (storage.Length > Array.MaxLength)
            throw new FormatException($"its storage '{storage.Key}' of {storage.Length} bytes is too large");
        MachineMemory.Current.Require(storage.Length, "a storage of the file takes");
        byte[] bytes = new byte[storage.Length];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new FormatException($"it ends within its storage '{storage.Key}'");
        return bytes;
    }
}
