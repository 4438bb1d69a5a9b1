using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RnnLm.Cli.DataSets;

/// <summary>What a <see cref="RowJournal"/> consists of: a line of JSON with what was asked for, then one for each row, the missing ones
/// too.</summary>
internal static class JournalFormat
{
    private const string VersionKey = "rnnlm_rows", SeedKey = "seed", SettingsKey = "settings";
    private const int Version = 1, BlockSize = 1 << 16;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the first line.</summary>
    public static byte[] Header(IReadOnlyDictionary<string, string> settings, long seed)
    {
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            [VersionKey] = Version,
            [SeedKey] = seed,
            [SettingsKey] = settings,
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(header, Json), (byte)'\n'];
    }

    /// <summary>Reads the first line.</summary>
    /// <exception cref="FormatException">It is not that of a journal, or is of another version.</exception>
    public static (long Seed, Dictionary<string, string> Settings) ParseHeader(byte[] line, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            int version = json.RootElement.GetProperty(VersionKey).GetInt32();
            if (version != Version)
            {
                throw new FormatException(
                    $"'{path}' has the rows of another version of rnnlm. Say --force without --resume to start over.");
            }

            JsonElement settings = json.RootElement.GetProperty(SettingsKey);
            return (json.RootElement.GetProperty(SeedKey).GetInt64(), settings.Deserialize<Dictionary<string, string>>()!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw NotOurs(path, e);
        }
    }

    /// <summary>Tells whether what there is of a first line may be the beginning of ours.</summary>
    public static bool HasBegun(FileStream file)
    {
        byte[] ours = Encoding.UTF8.GetBytes($"{{\"{VersionKey}\":"), there = new byte[ours.Length];
        file.Position = 0;
        int length = file.ReadAtLeast(there, there.Length, throwOnEndOfStream: false);
        return ours.AsSpan().StartsWith(there.AsSpan(0, length));
    }

    /// <summary>Reads whole lines, each with the place where it ends.</summary>
    public static IEnumerable<(byte[] Line, long End)> Lines(FileStream file)
    {
        var line = new MemoryStream();
        byte[] block = new byte[BlockSize];
        long place = file.Position;
        for (int read; (read = file.Read(block)) > 0;)
        {
            int begin = 0;
            for (int end; (end = Array.IndexOf(block, (byte)'\n', begin, read - begin)) >= 0; begin = end + 1)
            {
                line.Write(block, begin, end - begin);
                yield return (line.ToArray(), place + end + 1);
                line.SetLength(0);
            }

            line.Write(block, begin, read - begin);
            place += read;
        }
    }

    /// <summary>Writes a row: its number, whether it is missing, the numbers of texts that were not kept, and the fields.</summary>
    public static void WriteRow(Stream stream, GeneratedRow row)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            json.WriteNumberValue(row.Number);
            json.WriteNumberValue(row.IsMissing ? 1 : 0);
            json.WriteNumberValue(row.Rejected.Invalid);
            json.WriteNumberValue(row.Rejected.Known);
            json.WriteNumberValue(row.Rejected.Repeated);
            foreach (string value in row.Values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads a row.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="path">The file.</param>
    /// <param name="number">The number of the line in the file, from 1.</param>
    /// <exception cref="FormatException">The line is damaged.</exception>
    public static GeneratedRow ParseRow(byte[] line, string path, long number)
    {
        const int Fixed = 5;
        try
        {
            using var json = JsonDocument.Parse(line);
            JsonElement row = json.RootElement;
            return new GeneratedRow(
                row[0].GetInt64(),
                [.. row.EnumerateArray().Skip(Fixed).Select(value => value.GetString()!)],
                new RejectedTexts(row[2].GetInt32(), row[3].GetInt32(), row[4].GetInt32()),
                row[1].GetInt32() == 1);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            throw new FormatException($"{path}:{number}: this line is damaged. Remove it and all after it to go on from there, "
                + "or say --force without --resume.", e);
        }
    }

    /// <summary>Returns the error that says that a file is none of these.</summary>
    public static FormatException NotOurs(string path, Exception? cause = null) =>
        new($"'{path}' is not what a run of rnnlm generate leaves behind. Move it away, or say --force without --resume.", cause);
}
