using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.DataSets;

/// <summary>Writes rows in a format.</summary>
internal sealed class RowWriter
{
    private static readonly System.Buffers.SearchValues<char> Quoted = System.Buffers.SearchValues.Create(",\"\r\n");

    private readonly RowFormat _format;
    private readonly IReadOnlyList<string> _names;

    /// <param name="format">The format.</param>
    /// <param name="path">The file that it goes by where it is not said, or null.</param>
    /// <param name="names">The names of the fields.</param>
    /// <exception cref="UsageException">The format has no room for so many fields.</exception>
    public RowWriter(RowFormat format, string? path, IReadOnlyList<string> names)
    {
        _names = names;
        RowFormat ending = FormatOf(path);
        // Lines of JSON and tables are text too, and may be in a *.txt.
        if (format != RowFormat.Auto && ending is not (RowFormat.Auto or RowFormat.Txt) && ending != format)
        {
            throw new UsageException($"'{path}' has the ending of the format {Name(ending)}, but --format asks for {Name(format)}. Name a "
                + $"file '*.{Name(format)}' by --output, or leave --format out.");
        }

        // What conditions were drawn, and what was continued, is not asked for in a text file.
        _format = format != RowFormat.Auto ? format : ending != RowFormat.Auto ? ending : RowFormat.Txt;
        if (_format == RowFormat.Txt && names.Count(name => !IsAside(name)) > 1)
        {
            throw new UsageException($"a text file has one text in each line, but there are the columns {string.Join(", ", names)}. "
                + "Say --format csv or jsonl.");
        }
    }

    /// <summary>Gets how files of the format end.</summary>
    public string Ending => "." + Name(_format);

    /// <summary>Writes what comes before the first row.</summary>
    public void Begin(TextWriter output)
    {
        if (_format == RowFormat.Csv)
            WriteFields(output, _names);
    }

    /// <summary>Writes a row.</summary>
    /// <exception cref="FormatException">A text has a line end, and the format has none in a row.</exception>
    public void Write(TextWriter output, GeneratedRow row)
    {
        switch (_format)
        {
            case RowFormat.Csv:
                WriteFields(output, row.Values);
                break;
            case RowFormat.Jsonl:
                JsonLine.Write(output, json =>
                {
                    for (int i = 0; i < _names.Count; i++)
                        json.WriteString(_names[i], row.Values[i]);
                });
                break;
            default:
                WriteLine(output, row);
                break;
        }
    }

    private static string Name(RowFormat format) => OptionName.Of(format.ToString());

    /// <summary>Returns the format that a file's name asks for; <see cref="RowFormat.Auto"/> where it asks for none.</summary>
    private static RowFormat FormatOf(string? path) => Path.GetExtension(path ?? "").ToLowerInvariant() switch
    {
        ".csv" => RowFormat.Csv,
        ".jsonl" or ".ndjson" => RowFormat.Jsonl,
        ".txt" => RowFormat.Txt,
        ".tsv" or ".npy" or ".safetensors" =>
            throw new UsageException($"rnnlm generate writes csv, jsonl and txt, but '{path}' has the ending "
            + "of another format. Name a file '*.csv', '*.jsonl' or '*.txt' by --output."),
        _ => RowFormat.Auto,
    };

    private static bool IsAside(string name) => name is "Condition" or "Input"
        || name.EndsWith(".Condition", StringComparison.Ordinal) || name.EndsWith(".Input", StringComparison.Ordinal);

    private static void WriteLine(TextWriter output, GeneratedRow row)
    {
        if (row.Text.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new FormatException($"row {row.Number} has a line end in its text, so it is more than a line of a text file. "
                + "Say --format csv or jsonl, or end texts there by --stop \"\\n\".");
        }

        output.Write(row.Text);
        output.Write('\n');
    }

    private static void WriteFields(TextWriter output, IReadOnlyList<string> fields)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            if (i > 0)
                output.Write(',');
            string field = fields[i];
            // A line that is empty, or spaces at the ends, are lost by some who read it.
            bool quoted = field.Length == 0 || field[0] == ' ' || field[^1] == ' ' || field.AsSpan().ContainsAny(Quoted);
            output.Write(quoted ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field);
        }

        output.Write('\n');
    }
}
