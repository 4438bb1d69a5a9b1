using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace RnnLm.Cli;

/// <summary>A file of separated fields, read row by row.</summary>
internal sealed class TableFile
{
    private readonly TextFile _file;
    private readonly SourceOptions _source;
    private readonly CsvConfiguration _configuration;

    /// <exception cref="UsageException">A column is not there, or it is not said which is meant.</exception>
    public TableFile(TextFile file, SourceOptions source, DataMode mode, bool labels = false)
    {
        (_file, _source) = (file, source);
        _configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = source.SeparatorOf(file.Path).ToString(),
            Mode = source.Quotes ? CsvMode.RFC4180 : CsvMode.NoEscape,
            HasHeaderRecord = false,
            // A quote within a field that does not begin with one stands for itself, as in ML.NET.
            BadDataFound = null,
        };
        Names = FirstRow();
        Text = Find(source.TextColumn, "--text-column") ?? (Names.Count == 1 ? 0
            : throw new UsageException($"'{file.Path}' has the columns {Listed}. Say which has the text, by --text-column; or --format text, to read the file as it is."));
        Target = Find(source.TargetColumn, "--target-column");
        if (mode == DataMode.Pairs && Target is null)
            throw new UsageException($"--mode pairs needs the column with the targets, by --target-column: '{file.Path}' has {Listed}.");
        Condition = labels ? Find(source.LabelColumn, "--label-column") : Find(source.ConditionColumn, "--condition-column");
        if (labels && Condition is null)
            throw new UsageException($"--task classify needs the column with the labels, by --label-column: '{file.Path}' has {Listed}.");
    }

    /// <summary>Gets the names of the columns, or their numbers where there is no header.</summary>
    public IReadOnlyList<string> Names { get; }

    public int Text { get; }

    public int? Target { get; }

    /// <summary>Gets the column with the conditions, or the labels.</summary>
    public int? Condition { get; }

    private string Listed => string.Join(", ", Names.Take(30)) + (Names.Count > 30 ? ", …" : "");

    /// <summary>Reads the rows.</summary>
    /// <exception cref="FormatException">A row has too few fields, or the file is not text of its encoding.</exception>
    public IEnumerable<TextRow> Rows()
    {
        int needed = Math.Max(Text, Math.Max(Target ?? 0, Condition ?? 0));
        foreach ((string[] fields, int line) in Records().Skip(_source.Header ? 1 : 0))
        {
            if (fields.Length <= needed)
            {
                throw new FormatException($"'{_file.Path}', line {line}: there are {fields.Length} fields, but the column '{(needed < Names.Count ? Names[needed] : needed)}' would be number {needed + 1}. "
                    + "Where text has separators within, put it in double quotes.");
            }

            string? condition = Condition is { } column ? TextData.Category(fields[column]) : null;
            yield return Target is { } target ? TextRow.Pair(fields[Text], fields[target], condition) : TextRow.Row(fields[Text], condition);
        }
    }

    private IEnumerable<(string[] Fields, int Line)> Records()
    {
        using StreamReader reader = _file.Open();
        using var parser = new CsvParser(reader, _configuration);
        for (int line = 1; _file.Guard(reader, parser.Read); line = parser.RawRow + 1)
            yield return (parser.Record!, line);
    }

    private string[] FirstRow()
    {
        (string[]? fields, _) = Records().FirstOrDefault();
        if (fields is null)
            throw new UsageException($"'{_file.Path}' is empty. A table has a line with the names of its columns, and rows.");
        return _source.Header ? fields : [.. Enumerable.Range(0, fields.Length).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    private int? Find(string? column, string option)
    {
        if (column is null)
            return null;
        int index = Names.ToList().IndexOf(column);
        if (index >= 0 || (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < Names.Count))
            return index;
        string? nearest = OptionName.Nearest(column, Names);
        throw new UsageException($"{option}: '{_file.Path}' has no column '{column}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} It has {Listed}.");
    }
}
