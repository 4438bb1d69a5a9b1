using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace RnnLm.SafeTensors;

/// <summary>
/// The header of a safetensors file (github.com/huggingface/safetensors): its length as a little-endian 64-bit number, then a JSON object
/// that gives type, shape and place of each tensor, and strings under <c>__metadata__</c>. Strict, since the file may come from anyone:
/// every size is checked before anything is made of it, and the tensors must lie one behind the other without a gap.
/// </summary>
internal sealed class SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private const int MaximumLength = 64 << 20;
    private const int MaximumTensors = 65_536;
    private const int MaximumNameLength = 1024;
    private const int MaximumDimensions = 8;

    private SafeTensorsHeader(byte[] json, int checksumOffset, Dictionary<string, string> metadata, List<TensorInfo> tensors)
    {
        Json = json;
        ChecksumOffset = checksumOffset;
        Metadata = metadata;
        Tensors = tensors;
    }

    /// <summary>Gets the header as it stands in the file.</summary>
    public byte[] Json { get; }

    /// <summary>Gets where in <see cref="Json"/> the digits of the checksum begin, or -1 where there is none.</summary>
    public int ChecksumOffset { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Gets the tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Reads a header and checks it against the length of the file.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="fileLength">The number of bytes from here to the end of the file.</param>
    /// <exception cref="FormatException">The header is damaged, or does not fit the file.</exception>
    public static SafeTensorsHeader Read(Stream stream, long fileLength)
    {
        Span<byte> lengthBytes = stackalloc byte[sizeof(ulong)];
        if (stream.ReadAtLeast(lengthBytes, lengthBytes.Length, throwOnEndOfStream: false) < lengthBytes.Length)
            throw new FormatException($"The tensors end after {fileLength} bytes, within the length of the header.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length is < 2 or > MaximumLength || (long)length > fileLength - sizeof(ulong))
            throw new FormatException($"The tensors give their header a length of {length} bytes, in a file of {fileLength}; at most "
                + $"{MaximumLength} are read.");
        byte[] json = new byte[length];
        if (stream.ReadAtLeast(json, json.Length, throwOnEndOfStream: false) < json.Length)
            throw new FormatException("The tensors end within their header.");
        SafeTensorsHeader header;
        try
        {
            header = Parse(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Utf8JsonReader reports text that is not UTF-8 as InvalidOperationException.
            throw new FormatException($"The header of the tensors is not the JSON it should be: {e.Message}", e);
        }

        header.CheckLayout(fileLength - sizeof(ulong) - json.Length);
        return header;
    }

    private static SafeTensorsHeader Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new List<TensorInfo>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        int checksumOffset = -1;
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader, out string name))
        {
            if (name.Length is 0 or > MaximumNameLength || !names.Add(name))
                throw new FormatException($"The header of the tensors names a tensor with {name.Length} characters (1 to "
                    + $"{MaximumNameLength} are allowed), or two alike: '{Shorten(name)}'.");
            if (name == MetadataKey)
                checksumOffset = ParseMetadata(ref reader, metadata);
            else
                tensors.Add(ParseTensor(ref reader, name));
            if (tensors.Count > MaximumTensors)
                throw new FormatException($"The header names more than {MaximumTensors} tensors.");
        }

        if (reader.Read())
            throw new FormatException("The header of the tensors goes on after its end.");
        tensors.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        return new(json, checksumOffset, metadata, tensors);
    }

    /// <returns>Where the digits of the checksum begin, or -1.</returns>
    private static int ParseMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        int checksumOffset = -1;
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader, out string name))
        {
            Expect(ref reader, JsonTokenType.String);
            if (!metadata.TryAdd(name, reader.GetString()!))
                throw new FormatException($"The metadata of the tensors have two entries '{Shorten(name)}'.");
            if (name == SafeTensorsChecksum.Key && reader.ValueSpan.Length == SafeTensorsChecksum.Digits)
                checksumOffset = (int)reader.TokenStartIndex + 1;
        }

        return checksumOffset;
    }

    private static TensorInfo ParseTensor(ref Utf8JsonReader reader, string name)
    {
        string? dataType = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextName(ref reader, out string property))
        {
            switch (property)
            {
                case "dtype" when dataType is null:
                    Expect(ref reader, JsonTokenType.String);
                    dataType = reader.GetString();
                    break;
                case "shape" when shape is null: shape = ParseNumbers(ref reader, name, MaximumDimensions); break;
                case "data_offsets" when offsets is null: offsets = ParseNumbers(ref reader, name, 2); break;
                default:
                throw new FormatException($"Tensor '{Shorten(name)}' has an entry '{Shorten(property)}' that is not known, or stands there "
                    + "twice.");
            }
        }

        if (dataType is null || shape is null || offsets is not { Count: 2 })
            throw new FormatException($"Tensor '{Shorten(name)}' lacks its dtype, shape or data_offsets.");
        int size = TensorInfo.SizeOf(dataType);
        if (size == 0)
            throw new FormatException($"Tensor '{Shorten(name)}' is of type '{Shorten(dataType)}'; F32, F16, BF16, F64 and U8 are read.");
        long count = 1;
        foreach (long length in shape)
        {
            if (length > Array.MaxLength || (count *= length) > Array.MaxLength)
                throw new FormatException($"Tensor '{Shorten(name)}' of shape [{string.Join(", ", shape)}] is too large.");
        }

        if (offsets[0] > offsets[1] || offsets[1] - offsets[0] != count * size)
            throw new FormatException($"Tensor '{Shorten(name)}' of shape [{string.Join(", ", shape)}] and type {dataType} needs "
                + $"{count * size} bytes, but its data_offsets are {offsets[0]} and {offsets[1]}.");
        return new(name, dataType, [.. shape.Select(length => (int)length)], offsets[0], offsets[1]);
    }

    private static List<long> ParseNumbers(ref Utf8JsonReader reader, string name, int most)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (numbers.Count == most || !reader.TryGetInt64(out long number) || number < 0)
                throw new FormatException($"Tensor '{Shorten(name)}' has a shape or data_offsets that are not up to {most} whole numbers "
                    + "of at least 0.");
            numbers.Add(number);
        }

        if (reader.TokenType != JsonTokenType.EndArray)
            throw new FormatException($"Tensor '{Shorten(name)}' has a shape or data_offsets that are not a list of numbers.");
        return numbers;
    }

    private void CheckLayout(long dataLength)
    {
        long position = 0;
        foreach (TensorInfo tensor in Tensors)
        {
            if (tensor.Begin != position)
                throw new FormatException($"Tensor '{Shorten(tensor.Name)}' begins at byte {tensor.Begin}, but the one before ends at "
                    + $"{position}.");
            position = tensor.End;
        }

        if (position != dataLength)
            throw new FormatException($"The tensors take {position} bytes, but {dataLength} follow their header: the file is cut short, or "
                + "something was added. Copy or download it again.");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new FormatException($"The header of the tensors has {reader.TokenType} where {type} should be, at byte "
                + $"{reader.TokenStartIndex}.");
    }

    private static bool NextName(ref Utf8JsonReader reader, out string name)
    {
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndObject))
            throw new FormatException($"The header of the tensors breaks off at byte {reader.BytesConsumed}.");
        name = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString()! : "";
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Keeps a message readable where the file holds nonsense.</summary>
    private static string Shorten(string text)
    {
        var shown = new StringBuilder();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, 60)))
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return text.Length > 60 ? shown.Append('…').ToString() : shown.ToString();
    }
}
