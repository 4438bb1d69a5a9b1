using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RnnLm.Cli.Shards;
using RnnLm.Cli.Terminal;
using RnnLm.Files;

namespace RnnLm.Cli.DataSets;

/// <summary>
/// The rows of a run that goes on, beside the file that they will become: a line of JSON with what was asked for, then one for each row,
/// the missing ones too. So a run
/// that was killed, at whatever byte, goes on after the last whole line.
/// </summary>
internal sealed class RowJournal : IDisposable
{
    private const string Suffix = ".rnnlm.part", VersionKey = "rnnlm_rows", SeedKey = "seed", SettingsKey = "settings";
    private const int Version = 1, BufferSize = 1 << 16;

    /// <summary>How much work is lost at most where a run is killed.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream _file;
    private readonly MemoryStream _buffer = new();
    private long _lastFlush = Environment.TickCount64;

    private readonly long _begin;
    private long _end;   // of the whole lines

    private RowJournal(FileStream file, long seed, long begin) => (_file, Seed, _begin, _end) = (file, seed, begin, begin);

    /// <summary>Gets the seed of the run.</summary>
    public long Seed { get; }

    /// <summary>Gets the path of the journal.</summary>
    public string Path => _file.Name;

    /// <summary>Gets the number of rows in it, those that are missing too.</summary>
    public long Count { get; private set; }

    /// <summary>Tells whether a run has left a journal behind.</summary>
    /// <param name="output">The file that the rows will become.</param>
    public static bool IsThere(string output)
    {
        var journal = new FileInfo(Beside(output));
        return journal.Exists && journal.Length > 0;
    }

    /// <summary>Makes sure that the journal takes the place of no file that the command reads.</summary>
    /// <exception cref="UsageException">It would.</exception>
    public static void RefuseInputs(string output, IEnumerable<string> inputs)
    {
        if (inputs.FirstOrDefault(input => FileIdentity.AreSame(Beside(output), input)) is { } taken)
            throw new UsageException($"'{taken}' has the name of a working file of '{output}'. Rename it, or name another file by "
                + $"--output.");
    }

    /// <summary>Begins a journal, or opens the one that a run left behind.</summary>
    /// <param name="output">The file that the rows will become.</param>
    /// <param name="settings">What the rows depend on: a run goes on with the same only.</param>
    /// <param name="seed">The seed asked for, or null.</param>
    /// <param name="resume">Whether to go on where a run stopped.</param>
    /// <param name="replace">Whether to begin anew where one was left behind.</param>
    /// <exception cref="UsageException">
    /// There is a journal, and it is not said what to do with it; or it is that of other settings.
    /// </exception>
    /// <exception cref="FormatException">It is not a journal.</exception>
    public static RowJournal Open(string output, IReadOnlyDictionary<string, string> settings, long? seed, bool resume, bool replace)
    {
        string path = Beside(output);
        bool exists = IsThere(output);
        if (exists && !resume && !replace)
        {
            throw new UsageException(
                $"'{path}' has the rows of a run that was stopped. Say --resume to go on with it, or --force to begin anew.");
        }

        FileStream file;
        try
        {
            // What else has its name is taken away, and so is a link, never written through.
            if (!(exists && resume))
                File.Delete(path);
            file = new FileStream(path, exists && resume ? FileMode.Open : FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Refusal(path, e);
        }

        try
        {
            return exists && resume ? Resume(file, settings, seed) ?? Begin(file, settings, seed) : Begin(file, settings, seed);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the rows. What follows the last whole line does not count, and is written over.</summary>
    /// <exception cref="FormatException">A line is damaged.</exception>
    public IEnumerable<GeneratedRow> Read()
    {
        Flush();
        _file.Position = _begin;
        (_end, Count) = (_begin, 0);
        foreach ((byte[] line, long end) in Lines(_file))
        {
            yield return Parse(line, Count + 1);
            (_end, Count) = (end, Count + 1);
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(GeneratedRow row)
    {
        Write(_buffer, row);
        Count++;
        if (_buffer.Length >= BufferSize || Environment.TickCount64 - _lastFlush >= FlushInterval.TotalMilliseconds)
            Flush();
    }

    /// <summary>Writes what was added to the file.</summary>
    /// <exception cref="IOException">It can't be written; the message says what is kept.</exception>
    public void Flush()
    {
        if (_buffer.Length == 0)
            return;
        try
        {
            _file.Position = _end;
            _buffer.WriteTo(_file);
            _file.Flush();
        }
        catch (IOException e)
        {
            // The system's reason, without the path that .NET puts behind it.
            string reason = e.Message.Split(" : '")[0].TrimEnd('.');
            throw new IOException(
                $"'{Path}' can't be written: {reason}. The rows that are in it are kept: make room, and go on with --resume.", e);
        }

        _end += _buffer.Length;
        _buffer.SetLength(0);
        _lastFlush = Environment.TickCount64;
    }

    /// <summary>Makes the file of the rows, and removes the journal.</summary>
    /// <param name="output">The file.</param>
    /// <param name="writer">Writes the rows that are not missing.</param>
    /// <param name="end">The number after the last row that is wanted.</param>
    /// <returns>The number of rows written.</returns>
    /// <exception cref="IOException">The file can't be written; the journal is kept.</exception>
    public long Finish(OutputFile output, RowWriter writer, long end)
    {
        long rows = 0;
        Flush();
        try
        {
            output.Write(stream =>
            {
                var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
                using var text = new StreamWriter(stream, utf8, BufferSize, leaveOpen: true);
                writer.Begin(text);
                foreach (GeneratedRow row in Read().Where(row => !row.IsMissing && row.Number < end))
                {
                    writer.Write(text, row);
                    rows++;
                }
            });
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            string kept = $"{e.Message.TrimEnd('.')}. The rows are kept in '{Path}': go on with --resume.";
            throw e is IOException ? new IOException(kept, e) : new FormatException(kept, e);
        }

        Delete();
        return rows;
    }

    /// <summary>Removes the journal.</summary>
    public void Delete()
    {
        string path = Path;
        _file.Dispose();
        File.Delete(path);
    }

    public void Dispose() => _file.Dispose();

    private static RowJournal Begin(FileStream file, IReadOnlyDictionary<string, string> settings, long? seed)
    {
        long chosen = seed ?? Random.Shared.NextInt64();
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(
            new SortedDictionary<string, object>(StringComparer.Ordinal)
            {
                [VersionKey] = Version,
                [SeedKey] = chosen,
                [SettingsKey] = settings
            },
            Json);
        file.SetLength(0);
        file.Write([.. header, (byte)'\n']);
        file.Flush();
        return new RowJournal(file, chosen, header.Length + 1);
    }

    /// <summary>Returns the journal as it was left; null where the run was killed before the first line was whole.</summary>
    private static RowJournal? Resume(FileStream file, IReadOnlyDictionary<string, string> settings, long? seed)
    {
        (byte[] line, long end) = Lines(file).FirstOrDefault();
        if (line is null)
            return HasBegun(file) ? null : throw NotOurs(file.Name);
        (long was, Dictionary<string, string> old) = ParseHeader(line, file.Name);
        if (RunSettings.Difference(old, settings) is { } difference)
        {
            throw new UsageException($"'{file.Name}' has the rows of a run that was asked for something else: {difference}. "
                + "Go on with the same options and files, or say --force without --resume to begin anew.");
        }

        if (seed is long asked && asked != was)
        {
            throw new UsageException(
                $"'{file.Name}' has the rows of a run with the seed {was}, not {asked}. Leave --seed out to go on with it.");
        }

        return new RowJournal(file, was, end);
    }

    private static (long Seed, Dictionary<string, string> Settings) ParseHeader(byte[] line, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            int version = json.RootElement.GetProperty(VersionKey).GetInt32();
            if (version != Version)
            {
                throw new FormatException(
                    $"'{path}' has the rows of another version of rnnlm. Say --force without --resume to begin anew.");
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
    private static bool HasBegun(FileStream file)
    {
        byte[] ours = Encoding.UTF8.GetBytes($"{{\"{VersionKey}\":"), there = new byte[ours.Length];
        file.Position = 0;
        int length = file.ReadAtLeast(there, there.Length, throwOnEndOfStream: false);
        return ours.AsSpan().StartsWith(there.AsSpan(0, length));
    }

    private static FormatException NotOurs(string path, Exception? cause = null) =>
        new($"'{path}' is not what a run of rnnlm generate leaves behind. Move it away, or say --force without --resume.", cause);

    private static string Beside(string output) => AtomicFile.Target(output) + Suffix;

    /// <summary>Reads whole lines, each with the place where it ends.</summary>
    private static IEnumerable<(byte[] Line, long End)> Lines(FileStream file)
    {
        var line = new MemoryStream();
        byte[] block = new byte[BufferSize];
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

    /// <summary>A row is its number, whether it is missing, the numbers of texts that were not kept, and the fields.</summary>
    private static void Write(Stream stream, GeneratedRow row)
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

    private GeneratedRow Parse(byte[] line, long number)
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
            throw new FormatException($"'{Path}', row {number}: the line is damaged. Remove it and all after it to go on from there, "
                + "or say --force without --resume.", e);
        }
    }
}
