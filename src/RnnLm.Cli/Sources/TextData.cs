using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Sources;

/// <summary>Text files as rows of data.</summary>
internal sealed class TextData
{
    private const int Shown = 20;

    private readonly IReadOnlyList<TextFile> _files;
    private readonly DataOptions _options;
    private readonly bool _conditions;
    private readonly string _conditionName;
    private readonly TableFile[] _tables;

    /// <param name="files">The files, all of them text or all tables.</param>
    /// <param name="source">How they are read.</param>
    /// <param name="options">What a row is.</param>
    /// <param name="labels">Whether the rows have labels, as a classifier's do; they stand in the place of conditions.</param>
    /// <exception cref="UsageException">The files can't be read in this way; the message says why.</exception>
    public TextData(IReadOnlyList<TextFile> files, SourceOptions source, DataOptions options, bool labels = false)
    {
        if (labels && source.ConditionColumn is not null)
            throw new UsageException("--condition-column is for language models. Name the column with the labels by --label-column.");
        if (!labels && source.LabelColumn is not null)
            throw new UsageException("--label-column is for classifiers: say --task classify.");
        if (source.HasConditions && options.Mode == DataMode.Stream)
            throw new UsageException($"{(source.Conditions ? "--conditions" : "--condition-column")} needs --mode rows or pairs: a running text has no rows of its own.");
        if (!labels && source.TargetColumn is not null && options.Mode != DataMode.Pairs)
            throw new UsageException($"--target-column is for pairs, but the mode is {options.Mode.ToString().ToLowerInvariant()}. Say --mode pairs, or leave --target-column out.");
        (_files, _options, _conditions, _conditionName) = (files, options, source.Conditions || labels, labels ? "label" : "condition");
        _tables = [.. files.Where(file => source.IsTable(file.Path)).Select(file => new TableFile(file, source, options.Mode, labels))];
        if (_tables.Length > 0 && _tables.Length < files.Count)
            throw new UsageException("Some of the files are tables and others text. Give one kind, or say by --format how to read them all.");
        if (_tables.Length == 0 && (source.TextColumn ?? source.TargetColumn ?? source.ConditionColumn ?? source.LabelColumn) is { } column)
            throw new UsageException($"Text files have no columns such as '{column}'. Say --format csv or tsv where they are tables.");
    }

    /// <summary>Gets what stands between two rows of a running text: a table's rows are lines, and a text file is read as it is.</summary>
    public string RowSeparator => _tables.Length > 0 ? "\n" : "";

    /// <summary>Gets the files as tables; none where they are text.</summary>
    public IReadOnlyList<TableFile> Tables => _tables;

    /// <summary>Gets the paths of the files.</summary>
    public IEnumerable<string> Paths => _files.Select(file => file.Path);

    /// <summary>Gets what should be said of the data before they are relied upon.</summary>
    public IEnumerable<string> Warnings => _tables.Select(table => table.Warning).OfType<string>();

    /// <summary>Gets which files are read, with their number and sizes; of many, the first.</summary>
    public string Summary
    {
        get
        {
            long[] sizes = [.. _files.Select(file => new FileInfo(file.Path).Length)];
            string files = string.Join(", ", _files.Zip(sizes).Take(Shown).Select(file => $"{file.First.Path} ({file.Second:N0})"));
            return $"{_files.Count:N0} {(_files.Count == 1 ? "file" : "files")}, {sizes.Sum():N0} bytes: {files}{(_files.Count > Shown ? $", … ({_files.Count - Shown:N0} more)" : "")}";
        }
    }

    /// <summary>Gets the names of the files, the first few of many.</summary>
    public string Description => string.Join(", ", _files.Take(10).Select(f => Path.GetFileName(f.Path))) + (_files.Count > 10 ? $", … ({_files.Count} files)" : "");

    /// <summary>Reads the rows; of a running text, the pieces with all that stands between them.</summary>
    public IEnumerable<TextRow> Rows()
    {
        bool running = _options.Mode == DataMode.Stream;
        if (_tables.Length == 0)
            return running ? Blocks() : Lines();
        IEnumerable<TextRow> rows = _tables.SelectMany(table => table.Rows());
        return running ? rows.SelectMany((row, index) => index == 0 ? [row] : (TextRow[])[RowSeparator, row]) : rows;
    }

    /// <summary>Reads the rows of a classifier's data.</summary>
    public IEnumerable<LabelledText> Labelled() => Rows().Select(row => new LabelledText(row.Text.ToString(), row.Condition));

    /// <summary>Returns a condition, or null for one that is left empty, which ML.NET counts as missing.</summary>
    public static string? Category(string text) => text.Length > 0 ? text : null;

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
                if (line.Length > 0)
                    yield return Row(line, file.Path, number);
            }
        }
    }

    private TextRow Row(string line, string path, int number)
    {
        bool pairs = _options.Mode == DataMode.Pairs;
        int columns = (_conditions ? 1 : 0) + (pairs ? 2 : 1);
        string[] parts = line.Split('\t', columns);
        if (parts.Length < columns)
        {
            string wanted = string.Join(", a tab, ", ((string[])[$"a {_conditionName}", pairs ? "an input" : "a text", "a target"]).Skip(_conditions ? 0 : 1).Take(columns));
            throw new FormatException($"'{path}', line {number}: there should be {wanted}, but there is no tab where it is needed.");
        }

        int text = _conditions ? 1 : 0;
        string? condition = _conditions ? Category(parts[0]) : null;
        return pairs ? TextRow.Pair(parts[text], parts[text + 1], condition) : TextRow.Row(parts[text], condition);
    }
}
