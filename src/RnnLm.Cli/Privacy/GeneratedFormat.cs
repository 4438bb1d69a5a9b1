using System.Text.Json;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Privacy;

/// <summary>How files of generated rows are read, which is by their names: tables, lines of JSON, or a text in each line.</summary>
/// <param name="mode">What the model's rows are.</param>
/// <param name="column">The column with the text, or null for the usual ones.</param>
/// <param name="conditions">Whether each line of a text file begins with a condition and a tab.</param>
/// <param name="known">The model's conditions.</param>
internal sealed class GeneratedFormat(DataMode mode, string? column, bool conditions, IReadOnlyList<string> known)
{
    // As 'rnnlm generate' names them.
    private const string TextColumn = "Text", InputColumn = "Input", ColumnOption = "--generated-column";

    private readonly HashSet<string> _known = known.ToHashSet(StringComparer.Ordinal);

    private bool IsPairs => mode == DataMode.Pairs;

    public IEnumerable<TextRow> Read(TextFile file) => Path.GetExtension(file.Path).ToLowerInvariant() switch
    {
        ".csv" or ".tsv" => Table(file),
        ".jsonl" or ".ndjson" => Json(file),
        _ => Lines(file),
    };

    private IEnumerable<TextRow> Table(TextFile file)
    {
        SourceFormat format = Path.GetExtension(file.Path).Equals(".tsv", StringComparison.OrdinalIgnoreCase)
            ? SourceFormat.Tsv
            : SourceFormat.Csv;
        // Any column opens the file, whose names say which has the text.
        IReadOnlyList<string> names = new TableFile(file, new SourceOptions { Format = format, TextColumn = "0" }, DataMode.Rows).Names;
        string text = column ?? TextColumn;
        foreach (string wanted in IsPairs ? (string[])[InputColumn, text] : [text])
        {
            if (!names.Contains(wanted, StringComparer.Ordinal))
                throw new UsageException($"'{file.Path}' has no column '{wanted}': its first line names {string.Join(", ", names)}. Name "
                    + $"the column with the generated text by {ColumnOption}. Rename a file that has a text in each line and no names to "
                    + "*.txt.");
        }

        var source = new SourceOptions { Format = format, TextColumn = IsPairs ? InputColumn : text, TargetColumn = IsPairs ? text : null };
        return new TableFile(file, source, mode).Rows();
    }

    private IEnumerable<TextRow> Json(TextFile file)
    {
        string text = column ?? TextColumn;
        int number = 0;
        foreach (string line in file.ReadLines())
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            yield return IsPairs ? TextRow.Pair(Member(InputColumn), Member(text)) : TextRow.Row(Member(text));

            string Member(string name)
            {
                using JsonDocument document = Parse(line, file.Path, number);
                return document.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()!
                    : throw new TextDataException($"there is no text \"{name}\" in this object. Name the member with the generated "
                    + $"text by {ColumnOption}.", file.Path, number);
            }
        }
    }

    private static JsonDocument Parse(string line, string path, int number)
    {
        // The parser passes over half of a surrogate pair, which is no text.
        if (JsonSyntax.Find(line) is { } fault)
            throw new TextDataException($"this is not JSON: {fault}.", path, number);
        var document = JsonDocument.Parse(line);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document
            : throw new TextDataException("this is not an object of JSON. Give a file with an object in each line.", path, number);
    }

    private IEnumerable<TextRow> Lines(TextFile file)
    {
        var data = new TextData([file], new SourceOptions { Format = SourceFormat.Text, Conditions = conditions },
            IsPairs ? mode : DataMode.Rows);
        return conditions ? data.Rows() : data.Rows().Select(row =>
        {
            int tab = row.Text.Span.IndexOf('\t');
            return tab > 0 && _known.Contains(row.Text[..tab].ToString())
                ? throw new UsageException($"'{file.Path}' has lines that begin with '{row.Text[..tab]}', a condition of the model, and a "
                + "tab. Say --generated-conditions.")
                : row;
        });
    }
}
