using System.Text;
using RnnLm.Cli.Shards;
using RnnLm.Cli.Terminal;
using RnnLm.Files;

namespace RnnLm.Cli.DataSets;

/// <summary>
/// The rows of a run that goes on, beside the file that they will become, so that a run that was killed, at whatever byte, goes on after
/// the last whole line.
/// </summary>
internal sealed class RowJournal : IDisposable
{
    private const string Suffix = ".rnnlm.part";
    private const int BufferSize = 1 << 16;

    /// <summary>How much work is lost at most where a run is killed.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

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
                + "--output.");
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
                $"'{path}' has the rows of a run that was stopped. Say --resume to go on with it, or --force to start over.");
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
        foreach ((byte[] line, long end) in JournalFormat.Lines(_file))
        {
            // Before the rows is the line with the settings.
            yield return JournalFormat.ParseRow(line, Path, Count + 2);
            (_end, Count) = (end, Count + 1);
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(GeneratedRow row)
    {
        JournalFormat.WriteRow(_buffer, row);
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
        byte[] header = JournalFormat.Header(settings, chosen);
        file.SetLength(0);
        file.Write(header);
        file.Flush();
        return new RowJournal(file, chosen, header.Length);
    }

    /// <summary>Returns the journal as it was left; null where the run was killed before the first line was whole.</summary>
    private static RowJournal? Resume(FileStream file, IReadOnlyDictionary<string, string> settings, long? seed)
    {
        (byte[] line, long end) = JournalFormat.Lines(file).FirstOrDefault();
        if (line is null)
            return JournalFormat.HasBegun(file) ? null : throw JournalFormat.NotOurs(file.Name);
        (long was, Dictionary<string, string> old) = JournalFormat.ParseHeader(line, file.Name);
        if (RunSettings.Difference(old, settings) is { } difference)
        {
            throw new UsageException($"'{file.Name}' has the rows of a run that was asked for something else: {difference}. "
                + "Go on with the same options and files, or say --force without --resume to start over.");
        }

        if (seed is long asked && asked != was)
        {
            throw new UsageException(
                $"'{file.Name}' has the rows of a run with the seed {was}, not {asked}. Leave --seed out to go on with it.");
        }

        return new RowJournal(file, was, end);
    }

    private static string Beside(string output) => AtomicFile.Target(output) + Suffix;
}
