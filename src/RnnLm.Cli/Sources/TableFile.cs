using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Sources;

/// <summary>A file of separated fields, read row by row. What does not fit is an error with its line, so that no text is lost or joined to
/// another's.</summary>
internal sealed class TableFile
{
    private readonly TextFile _file;
    private readonly SourceOptions _source;
    private readonly char _separator;

    /// <exception cref="UsageException">A column is not there, or it is not said which is meant.</exception>
    public TableFile(TextFile file, SourceOptions source, DataMode mode, bool labels = false)
    {
        (_file, _source, _separator) = (file, source, source.SeparatorOf(file.Path));
        Names = FirstRow();
        Text = Find(source.TextColumn, SourceIds.TextColumn) ?? (Names.Count == 1 ? 0
            : throw new UsageException($"'{file.Path}' has the columns {Listed}. Name the one with the text by {SourceIds.TextColumn}; or "
            + $"{SourceIds.Format.Set(SourceFormat.Text)}, to read the file as it is."));
        Target = Find(source.TargetColumn, SourceIds.TargetColumn);
        if (mode == DataMode.Pairs && Target is null)
            throw new UsageException($"{OptionIds.Mode.Set(mode)} needs the column with the targets, by {SourceIds.TargetColumn}: "
                + $"'{file.Path}' has {Listed}.");
        Condition = labels ? Find(source.LabelColumn, SourceIds.LabelColumn) : Find(source.ConditionColumn, SourceIds.ConditionColumn);
        if (labels && Condition is null)
            throw new UsageException($"a classifier needs the column with the labels, by {SourceIds.LabelColumn}: '{file.Path}' has "
                + $"{Listed}.");
    }

    /// <summary>Gets the names of the columns, or their numbers where there is no header.</summary>
    public IReadOnlyList<string> Names { get; }

    public int Text { get; }

    public int? Target { get; }

    /// <summary>Gets the column with the conditions, or the labels.</summary>
    public int? Condition { get; }

    /// <summary>Gets the numbers of the columns that are read.</summary>
    public (int Text, int? Target, int? Condition) Places => (Text, Target, Condition);

    public string Path => _file.Path;

    /// <summary>Gets the line that the row begins in that was read last, from 1; 0 before the first.</summary>
    public int Line { get; private set; }

    /// <summary>Gets what should be said of the table before it is relied upon, or null.</summary>
    public OptionMessage? Warning =>
        SeparatorHint is { } hint ? (OptionMessage)$"'{_file.Path}' has one column, '{Names[0]}'.{hint}" : null;

    /// <summary>Gets advice where the one column that was found looks like several with another separator between; or null.</summary>
    private OptionMessage? SeparatorHint => Names.Count == 1 && "\t;,|".FirstOrDefault(Names[0].Contains) is not '\0' and var other
        ? (OptionMessage)$" If '{Escape(other)}' stands between columns, say {SourceIds.Separator.Set(other.ToString())}." : null;

    private string Listed => TableColumns.List(Names);

    /// <summary>Reads the rows.</summary>
    /// <exception cref="TextDataException">A row has too few or too many fields, a quote is out of place, or the file is not text of its
    /// encoding.</exception>
    public IEnumerable<TextRow> Rows()
    {
        foreach ((string[] fields, int line) in Records().Skip(_source.Header ? 1 : 0))
        {
            if (fields.Length != Names.Count)
            {
                throw new TextDataException($"there {(fields.Length == 1 ? "is" : "are")} {Counted.Of(fields.Length, "field")}, but the "
                    + $"table has {Counted.Of(Names.Count, "column")}: {Listed}. "
                    + $"Where text has a separator ({Escape(_separator)}) or a line end within, put it in double quotes.{SeparatorHint}",
                    _file.Path, line);
            }

            Line = line;
            string? condition = Condition is { } column ? TextData.Category(fields[column]) : null;
            yield return Target is { } target
                ? TextRow.Pair(fields[Text], fields[target], condition)
                : TextRow.Row(fields[Text], condition);
        }
    }

    /// <summary>Reads the fields of all rows, that with the names too where there is one.</summary>
    /// <exception cref="TextDataException">A quote is out of place, or the file is not text of its encoding.</exception>
    public IEnumerable<(string[] Fields, int Line)> Records()
    {
        using StreamReader reader = _file.Open();
        using IEnumerator<(string[], int)> records = TableRecords.Read(reader, _file.Path, _separator, _source.Quotes).GetEnumerator();
        while (_file.Guard(reader, records.MoveNext))
            yield return records.Current;
    }

    private static string Escape(char separator) => separator == '\t' ? "\\t" : separator.ToString();

    private string[] FirstRow()
    {
        (string[]? fields, _) = Records().FirstOrDefault();
        if (fields is null)
            throw new UsageException($"'{_file.Path}' is empty. A table has a line with the names of its columns, and rows.");
        return _source.Header ? fields : TableColumns.Numbers(fields.Length);
    }

    private int? Find(string? column, OptionId option) =>
        column is null ? null : TableColumns.Find(Names, column, _file.Path, option, SeparatorHint);
}
