using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Sources;

/// <summary>Text files as rows of data.</summary>
internal sealed class TextData
{
    private const int Shown = 20;

    private readonly IReadOnlyList<TextFile> _files;
    private readonly DataMode _mode;
    private readonly bool _conditions;
    private readonly string _conditionName;
    private readonly TableFile[] _tables;
    private (string Path, long? Line)? _place;

    /// <param name="files">The files, all of them text or all tables.</param>
    /// <param name="source">How they are read.</param>
    /// <param name="mode">What a row is.</param>
    /// <param name="labels">Whether the rows have labels, as a classifier's do; they stand in the place of conditions.</param>
    /// <exception cref="UsageException">The files can't be read in this way; the message says why.</exception>
    /// <exception cref="OptionsException">Options contradict each other.</exception>
    public TextData(IReadOnlyList<TextFile> files, SourceOptions source, DataMode mode, bool labels = false)
    {
        if (labels && source.ConditionColumn is not null)
            throw new OptionsException(SourceIds.ConditionColumn,
                $"is for language models; name the column with the labels by {SourceIds.LabelColumn}");
        if (!labels && source.LabelColumn is not null)
            throw new OptionsException(SourceIds.LabelColumn, $"is for classifiers; say {SourceIds.Task.Set("classify")}");
        if (source.HasConditions && mode == DataMode.Stream)
        {
            throw new OptionsException(source.Conditions ? SourceIds.Conditions : SourceIds.ConditionColumn,
                $"needs {OptionIds.Mode.Set(DataMode.Rows)} or {DataMode.Pairs}: a running text has no rows of its own");
        }

        if (!labels && source.TargetColumn is not null && mode != DataMode.Pairs)
            throw new OptionsException(SourceIds.TargetColumn,
                $"is for pairs, but the mode is {mode}; say {OptionIds.Mode.Set(DataMode.Pairs)}, or leave it out");
        (_files, _mode, _conditions, _conditionName) = (files, mode, source.Conditions || labels, labels ? "label" : "condition");
        _tables = [.. files.Where(file => source.IsTable(file.Path)).Select(file => new TableFile(file, source, mode, labels))];
        if (_tables.Length > 0 && _tables.Length < files.Count)
            throw new UsageException($"some of the files are tables and others text. Give one kind, or say by {SourceIds.Format} how to "
                + $"read them all.", SourceIds.Files);
        if (_tables.Length > 0 && source.Conditions)
            throw new OptionsException(SourceIds.Conditions,
                $"is for text files; name the column of a table by {SourceIds.ConditionColumn}");
        if (_tables.Length == 0 && !(source.Header && source.Quotes))
        {
            throw new OptionsException(source.Header ? SourceIds.Quotes : SourceIds.Header,
                $"is for tables, but the files are text; leave it out, or say {SourceIds.Format.Set(SourceFormat.Csv)} or "
                + $"{SourceFormat.Tsv}");
        }

        if (_tables.Length == 0 && (source.TextColumn ?? source.TargetColumn ?? source.ConditionColumn ?? source.LabelColumn) is { } column)
            throw new UsageException($"text files have no columns such as '{column}'. Say {SourceIds.Format.Set(SourceFormat.Csv)} or "
                + $"{SourceFormat.Tsv} where they are tables.");
    }

    /// <summary>Gets what stands between two rows of a running text: a table's rows are lines, and a text file is read as it is.</summary>
    public string RowSeparator => _tables.Length > 0 ? "\n" : "";

    /// <summary>Gets the files as tables; none where they are text.</summary>
    public IReadOnlyList<TableFile> Tables => _tables;

    /// <summary>Gets where the fault is, if there is one: in the row that was read last, or in the files as a whole.</summary>
    public (string Source, long? Line) Place(bool row) => row && _place is { } place ? place
        : (string.Join(", ", _files.Take(3).Select(file => file.Path)) + (_files.Count > 3 ? $", … ({_files.Count} files)" : ""), null);

    /// <summary>Gets what tells the rows that <see cref="HashedRows"/> read from others; null before they are read to the end.</summary>
    public string? Hash { get; private set; }

    /// <summary>Gets whether reading has begun.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Gets the paths of the files.</summary>
    public IEnumerable<string> Paths => _files.Where(file => file.Content is null).Select(file => file.Path);

    /// <summary>Gets what should be said of the data before they are relied upon.</summary>
    public IEnumerable<OptionMessage> Warnings => _tables.Select(table => table.Warning).OfType<OptionMessage>();

    /// <summary>Gets which files are read, with their number and sizes; of many, the first.</summary>
    public string Summary
    {
        get
        {
            long[] sizes = [.. _files.Select(file => file.Length)];
            string files = string.Join(", ", _files.Zip(sizes).Take(Shown).Select(file => $"{file.First.Path} ({file.Second:N0})"));
            return $"{Counted.Of(_files.Count, "file")}, {Counted.Of(sizes.Sum(), "byte")}: "
                + $"{files}{(_files.Count > Shown ? $", … ({_files.Count - Shown:N0} more)" : "")}";
        }
    }

    /// <summary>Gets the names of the files, the first few of many.</summary>
    public string Description =>
        string.Join(", ", _files.Take(10).Select(f => Path.GetFileName(f.Path))) + (_files.Count > 10 ? $", … ({_files.Count} files)" : "");

    /// <summary>Reads the rows; of a running text, the pieces with all that stands between them.</summary>
    public IEnumerable<TextRow> Rows()
    {
        // Not before the first row is asked for: rows of the training data may be at fault while those for validation wait.
        IsRead = true;
        foreach (TextRow row in AllRows())
            yield return row;
    }

    private IEnumerable<TextRow> AllRows()
    {
        bool running = _mode == DataMode.Stream;
        if (_tables.Length == 0)
            return running ? Blocks() : Lines();
        IEnumerable<TextRow> rows = _tables.SelectMany(Rows);
        return running ? rows.SelectMany((row, index) => index == 0 ? [row] : (TextRow[])[RowSeparator, row]) : rows;
    }

    /// <summary>Reads the rows, and keeps a <see cref="Hash"/> of them. A running text has none.</summary>
    public IEnumerable<TextRow> HashedRows()
    {
        IEnumerable<TextRow> rows = Rows();
        return _mode == DataMode.Stream ? rows : Hashed(rows);
    }

    /// <summary>Reads the rows of a classifier's data.</summary>
    public IEnumerable<LabelledText> Labelled() => Rows().Select(row => new LabelledText(row.Text.ToString(), row.Condition));

    /// <summary>Returns a condition, or null for one that is left empty, which ML.NET counts as missing.</summary>
    public static string? Category(string text) => text.Length > 0 ? text : null;

    private IEnumerable<TextRow> Hashed(IEnumerable<TextRow> rows)
    {
        using var hash = new RowsHash();
        foreach (TextRow row in rows)
        {
            hash.Add(row);
            yield return row;
        }

        Hash = hash.Value;
    }

    private IEnumerable<TextRow> Rows(TableFile table)
    {
        foreach (TextRow row in table.Rows())
        {
            _place = (table.Path, table.Line);
            yield return row;
        }
    }

    private IEnumerable<TextRow> Blocks()
    {
        char last = '\n';
        foreach (TextFile file in _files)
        {
            // Files begin on lines of their own.
            if (last != '\n')
                yield return "\n";
            foreach (ReadOnlyMemory<char> block in file.ReadBlocks())
            {
                last = block.Span[^1];
                yield return TextRow.Row(block);
            }
        }
    }

    private IEnumerable<TextRow> Lines()
    {
        foreach (TextFile file in _files)
        {
            int number = 0;
            foreach (string line in file.ReadLines())
            {
                number++;
                _place = (file.Path, number);
                if (line.Length > 0)
                    yield return Row(line, file.Path, number);
            }
        }
    }

    private TextRow Row(string line, string path, int number)
    {
        bool pairs = _mode == DataMode.Pairs;
        int columns = (_conditions ? 1 : 0) + (pairs ? 2 : 1);
        string[] parts = line.Split('\t', columns);
        if (parts.Length < columns)
        {
            string wanted = string.Join(", a tab, ",
                ((string[])[$"a {_conditionName}", pairs ? "an input" : "a text", "a target"]).Skip(_conditions ? 0 : 1).Take(columns));
            throw new TextDataException($"there should be {wanted}, but there is no tab where it is needed.", path, number);
        }

        int text = _conditions ? 1 : 0;
        string? condition = _conditions ? Category(parts[0]) : null;
        return pairs ? TextRow.Pair(parts[text], parts[text + 1], condition) : TextRow.Row(parts[text], condition);
    }
}
