using System.Text;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Privacy;

/// <summary>A training file with canaries among its rows. Its own rows stay as they are.</summary>
/// <param name="file">The training file.</param>
/// <param name="source">How it is read.</param>
internal sealed class PlantedFile(TextFile file, SourceOptions source)
{
    private readonly TableFile? _table = source.IsTable(file.Path)
        ? new TableFile(file, source, source.TargetColumn is null ? DataMode.Rows : DataMode.Pairs)
        : null;
    private long _rows;
    private string _lineEnd = "\n";

    /// <summary>Counts the rows, and returns the conditions that they have, in the order of their coming.</summary>
    public IReadOnlyList<string> ReadConditions()
    {
        var conditions = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        _rows = 0;
        // Checks that the file is as it is said to be.
        var data = new TextData([file], source, source.TargetColumn is null ? DataMode.Rows : DataMode.Pairs);
        foreach (TextRow row in data.Rows())
        {
            _rows++;
            if (row.Condition is { } condition && known.Add(condition))
                conditions.Add(condition);
        }

        return _rows > 0 ? conditions : throw new TextDataException("there are no rows to plant canaries among.", file.Path);
    }

    /// <summary>Writes the rows with the canaries among them. <see cref="ReadConditions"/> has been called.</summary>
    public void Write(Stream output, CanarySet canaries)
    {
        (long Before, Canary Canary)[] places = canaries.Places(_rows);
        if (_table is null)
            WriteText(output, places);
        else
            WriteTable(output, places);
    }

    private void WriteText(Stream output, (long Before, Canary Canary)[] places)
    {
        using StreamReader reader = file.Open();
        // Flushed at the end, and not disposed, which would close the file.
        var buffered = new BufferedStream(output);
        Encoding encoding = reader.CurrentEncoding;
        if (HasPreamble(encoding))
            buffered.Write(encoding.GetPreamble());
        int next = 0;
        long row = 0;
        bool ended = true;
        foreach ((string line, string end) in Lines(reader))
        {
            if (line.Length > 0)
            {
                for (; next < places.Length && places[next].Before == row; next++)
                    Put(Line(places[next].Canary) + (end.Length > 0 ? end : _lineEnd));
                row++;
            }

            Put(line + end);
            ended = end.Length > 0;
            _lineEnd = ended ? end : _lineEnd;
        }

        for (; next < places.Length; next++)
        {
            // Where the last line has no end, the planted ones have none either.
            Put(ended ? Line(places[next].Canary) + _lineEnd : _lineEnd + Line(places[next].Canary));
        }

        buffered.Flush();

        void Put(string text)
        {
            try
            {
                buffered.Write(encoding.GetBytes(text));
            }
            catch (EncoderFallbackException e)
            {
                throw new FormatException($"A canary has a character that the encoding {encoding.WebName} of '{file.Path}' does not have. "
                    + "Give the format others.", e);
            }
        }
    }

    private string Line(Canary canary) => source.Conditions ? $"{canary.Condition}\t{canary.Text}" : canary.Text;

    /// <summary>Each canary takes the other columns of the row that comes after it.</summary>
    private void WriteTable(Stream output, (long Before, Canary Canary)[] places)
    {
        TableFile table = _table!;
        char separator = source.SeparatorOf(file.Path);
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        int next = 0;
        long row = source.Header ? -1 : 0;
        string[] last = [];
        foreach ((string[] fields, _) in table.Records())
        {
            for (; row >= 0 && next < places.Length && places[next].Before == row; next++)
                Put(With(fields, places[next].Canary));
            row++;
            Put(last = fields);
        }

        for (; next < places.Length; next++)
            Put(With(last, places[next].Canary));

        string[] With(string[] fields, Canary canary)
        {
            string[] planted = [.. fields];
            TextRow text = CanarySet.Row(canary, table.Target is not null);
            planted[table.Text] = text.Text.ToString();
            if (table.Target is { } target)
                planted[target] = text.Target.ToString();
            if (table.Condition is { } condition)
                planted[condition] = canary.Condition ?? "";
            return planted;
        }

        void Put(string[] fields) => writer.WriteLine(string.Join(separator, fields.Select(Field)));

        string Field(string field)
        {
            bool special = field.Contains(separator) || field.AsSpan().ContainsAny('"', '\r', '\n');
            if (!source.Quotes)
            {
                return !field.Contains(separator) ? field
                    : throw new UsageException($"The canary '{field}' has the separator of '{file.Path}', where no quotes enclose a field. "
                    + "Give the format others.");
            }

            return special || field.Length == 0 && fieldsAreOne() ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
        }

        // An empty line is no row.
        bool fieldsAreOne() => table.Names.Count == 1;
    }

    private bool HasPreamble(Encoding encoding)
    {
        byte[] mark = encoding.GetPreamble(), start = new byte[mark.Length];
        if (mark.Length == 0 || file.Content is not null)
            return false;
        using FileStream stream = InputFile.Open(file.Path);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == mark.Length && start.AsSpan().SequenceEqual(mark);
    }

    /// <summary>Reads lines with their ends, so that these stay as they are.</summary>
    private IEnumerable<(string Line, string End)> Lines(StreamReader reader)
    {
        var line = new StringBuilder();
        while (file.Guard(reader, reader.Read) is >= 0 and var read)
        {
            if (read is not ('\r' or '\n'))
            {
                line.Append((char)read);
                continue;
            }

            string end = "\n";
            if (read == '\r')
            {
                bool both = file.Guard(reader, reader.Peek) == '\n';
                if (both)
                    _ = reader.Read();
                end = both ? "\r\n" : "\r";
            }

            yield return (line.ToString(), end);
            line.Clear();
        }

        if (line.Length > 0)
            yield return (line.ToString(), "");
    }
}
