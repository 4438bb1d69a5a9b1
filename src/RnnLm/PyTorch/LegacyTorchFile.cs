using System.Buffers.Binary;
using System.Numerics;

namespace RnnLm.PyTorch;

/// <summary>
/// A file of PyTorch before 1.6, or with <c>_use_new_zipfile_serialization=False</c>: five pickles (a magic number, a version, facts of the
/// machine, the value, the keys of its storages), then of each storage the number of its elements and their bytes.
/// </summary>
internal sealed class LegacyTorchFile : TorchFile
{
    private const int Version = 1001;

    private static readonly BigInteger Magic =
        BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private readonly Stream _stream;
    private readonly List<string> _keys;
    private readonly Dictionary<string, long> _places = new(StringComparer.Ordinal);

    public LegacyTorchFile(Stream stream)
    {
        _stream = stream;
        if (PickleReader.Read(stream) is not BigInteger magic || magic != Magic || PickleReader.Read(stream) is not (long)Version)
            throw new FormatException("it is a pickle, but not one of torch.save. Give the file that torch.save(model.state_dict(), path) "
                + "wrote");
        if (PickleReader.Read(stream) is PickleDictionary machine
            && machine.Items.Any(item => item is { Key: "little_endian", Value: false }))
            throw new FormatException("it was written on a big-endian machine. Load it in Python on another, and save it anew");
        Tensors = StateDict.Find(PickleReader.Read(stream));
        _keys = PickleReader.Read(stream) is List<object?> keys && keys.TrueForAll(key => key is string)
            ? [.. keys.Cast<string>()]
            : throw new FormatException("it does not name its storages");
        FindStorages();
    }

    /// <summary>Gets the bytes that a file of this kind begins with: the opcodes of its magic number.</summary>
    public static ReadOnlySpan<byte> Start => [0x80, 0x02, 0x8a, 0x0a];

    public override void Dispose()
    {
    }

    protected override byte[] ReadStorage(TorchStorage storage)
    {
        if (!_places.TryGetValue(storage.Key, out long place))
            throw new FormatException($"its storage '{storage.Key}' is missing");
        _stream.Position = place;
        return ReadStorage(storage, _stream);
    }

    private void FindStorages()
    {
        Dictionary<string, TorchStorage> known = Tensors.Tensors.Select(tensor => tensor.Value.Storage)
            .DistinctBy(storage => storage.Key, StringComparer.Ordinal)
            .ToDictionary(storage => storage.Key, StringComparer.Ordinal);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (string key in _keys)
        {
            if (!known.TryGetValue(key, out TorchStorage? storage))
                throw new FormatException("it holds tensors outside of its state_dict. Save that alone: torch.save(model.state_dict(), "
                    + "path)");
            if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                throw new FormatException($"it ends before its storage '{key}'");
            long count = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            if (count != storage.Count)
                throw new FormatException($"it is damaged: it gives a storage {storage.Count} numbers in one place, and {count} in "
                    + "another");
            if (_stream.Length - _stream.Position < storage.Length)
                throw new FormatException($"it is cut short: it ends {storage.Length - (_stream.Length - _stream.Position)} bytes before "
                    + "the end of a storage. Copy or download it again");
            _places.Add(key, _stream.Position);
            _stream.Position += storage.Length;
        }
    }
}
