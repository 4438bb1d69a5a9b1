using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RnnLm.Cli.Shards;

/// <summary>What is to be known of a part, in a file beside it.</summary>
internal sealed record PartManifest
{
    /// <summary>How the name of the file ends.</summary>
    public const string Ending = ".manifest.json";

    /// <summary>The version that is written.</summary>
    public const int Current = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    /// <summary>Gets the version of this file.</summary>
    [JsonPropertyName("rnnlm_part")]
    public required int Version { get; init; }

    /// <summary>Gets the name of the part file.</summary>
    public required string Part { get; init; }

    /// <summary>Gets which share it is of, from 0.</summary>
    public required int Shard { get; init; }

    /// <summary>Gets the number of shares.</summary>
    public required int Shards { get; init; }

    /// <summary>Gets the number of rows of all shares.</summary>
    public required long TotalRows { get; init; }

    /// <summary>Gets the number of the share's first row, from 0.</summary>
    public required long FirstRow { get; init; }

    /// <summary>Gets the number after that of its last row.</summary>
    public required long EndRow { get; init; }

    /// <summary>Gets the number of results.</summary>
    public required long Records { get; init; }

    /// <summary>Gets the number of rows that were left out.</summary>
    public required long Skipped { get; init; }

    /// <summary>Gets the number of rows for which <c>rnnlm generate</c> could keep no text.</summary>
    [JsonIgnore]
    public long Missing => Settings.GetValueOrDefault("the command") == "generate" ? EndRow - FirstRow - Records : 0;

    /// <summary>Gets the number of bytes before the first result.</summary>
    public required int HeaderLength { get; init; }

    /// <summary>Gets the length of a result that is a vector; 0 where results are none.</summary>
    public required int VectorLength { get; init; }

    /// <summary>Gets the number of bytes of the part.</summary>
    public required long Length { get; init; }

    /// <summary>Gets the hash of the part.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Gets the number of bytes of the file with the rows that were left out; 0 where there is none.</summary>
    public long ErrorsLength { get; init; }

    /// <summary>Gets the hash of that file; null where there is none.</summary>
    public string? ErrorsSha256 { get; init; }

    /// <summary>Gets all that the results depend on.</summary>
    public required Dictionary<string, string> Settings { get; init; }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="FormatException">It is none, or of another version.</exception>
    public static PartManifest Read(string path)
    {
        try
        {
            PartManifest manifest = JsonSerializer.Deserialize<PartManifest>(File.ReadAllBytes(path), Json)!;
            return manifest is { Version: Current } ? manifest
                : throw new FormatException($"'{path}' is of another version of rnnlm. Make the part again, with --overwrite.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{path}' is not what rnnlm writes beside a part. Remove it, and make the part again.", e);
        }
    }

    /// <summary>Returns the path of the part.</summary>
    public string PathIn(string folder) => Path.Combine(folder, Path.GetFileName(Part));

    /// <summary>Returns the path of the file with the rows that were left out.</summary>
    public string ErrorsIn(string folder) => PartFolder.ErrorsOf(folder, Shard, Shards);

    /// <summary>Says which of the files is not as it was written; null where both are.</summary>
    /// <param name="folder">The folder that they are in.</param>
    /// <param name="withHash">Whether the part is read, for its hash, or only measured.</param>
    public string? FaultIn(string folder, bool withHash) => Fault(PathIn(folder), Length, withHash ? Sha256 : null)
        ?? (ErrorsSha256 is null ? null : Fault(ErrorsIn(folder), ErrorsLength, ErrorsSha256));

    /// <summary>Writes the manifest.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    private static string? Fault(string path, long length, string? sha256)
    {
        var file = new FileInfo(path);
        return !file.Exists ? $"'{path}' is missing"
            : file.Length != length ? $"'{path}' has {file.Length:N0} bytes, but was written with {length:N0}"
            : sha256 is not null && RunSettings.HashOf(path) != sha256
            ? $"'{path}' was changed after it was written: its hash differs"
            : null;
    }
}
