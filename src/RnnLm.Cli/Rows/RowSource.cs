using System.Text;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>The rows of files, folders and the standard input, or of the command line, in their order, read as they are asked
/// for.</summary>
internal sealed class RowSource
{
    private static readonly string[] Endings = [".txt", ".csv", ".tsv", ".jsonl", ".ndjson"];

    private readonly IReadOnlyList<RowFile> _files;
    private readonly IReadOnlyList<string> _texts;
    private readonly RowOptions _options;
    private readonly RowNames _names;
    private readonly Encoding? _encoding;
    private RowText? _open;
    private long _readBefore;

    /// <param name="files">The files; none where texts are given.</param>
    /// <param name="texts">The texts of the command line.</param>
    /// <param name="options">How files are read.</param>
    /// <param name="names">What the parts of a row are called.</param>
    /// <param name="readsOthers">Whether the command reads other rows by the same options, which may be in a table.</param>
    /// <exception cref="UsageException">Options do not go with the files.</exception>
    public RowSource(IReadOnlyList<RowFile> files, IReadOnlyList<string> texts, RowOptions options, RowNames names,
        bool readsOthers = false)
    {
        (_files, _texts, _options, _names) = (files, texts, options, names);
        _encoding = options.Encoding is null ? null : TextEncodings.Parse(options.Encoding);
        if (files.FirstOrDefault(file => file.Format == InputFormat.Text) is { } text
            && (options.TextColumn ?? options.TargetColumn ?? options.ConditionColumn ?? options.KeyColumn) is { } column)
        {
            throw new UsageException($"'{text.Name}' is read as text, which has no columns such as '{column}'. Say --input-format csv, tsv "
                + "or jsonl.");
        }

        if (files.FirstOrDefault(file => file.Format != InputFormat.Text) is { } other && options.Conditions)
        {
            string lines = other.Format == InputFormat.Jsonl ? "" : " Where it has lines of a condition, a tab and a text, say "
                + "--input-format text. Where it is a table whose first line is a row and not the names of its columns, say --no-header.";
            throw new UsageException($"--conditions is for lines of text, but '{other.Name}' is read as "
                + $"{(other.Format == InputFormat.Jsonl ? "lines of JSON" : "a table")}. Leave --conditions out, and name the column of "
                + $"the condition by {SourceIds.ConditionColumn}.{lines}");
        }

        if (!readsOthers && files.All(file => file.Format is InputFormat.Text or InputFormat.Jsonl) && !(options.Header && options.Quotes))
            throw new OptionsException(options.Header ? SourceIds.Quotes : SourceIds.Header,
                $"is for tables, and none is read; leave it out, or say --input-format csv or tsv");
    }

    /// <summary>Gets the names of the columns of the file that is read; none of lines of JSON.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Gets the text that stands in for rows where there are none; null for no row.</summary>
    public string? TextIfEmpty { get; init; }

    /// <summary>Gets how the first file is read.</summary>
    public InputFormat Format => _files.Count == 0 ? InputFormat.Text : _files[0].Format;

    /// <summary>Gets whether the rows are texts of the command line.</summary>
    public bool IsTyped => _files.Count == 0;

    /// <summary>Gets whether the standard input, or a pipe, is among the files: it can't be read twice.</summary>
    public bool IsReadOnce => _files.Any(file => file.Length is null);

    /// <summary>Gets the share of the bytes that were read, from 0 to 1; null where it is not known.</summary>
    public double? ShareRead => IsTyped || IsReadOnce || Length is not (> 0 and var length) ? null
        : (_readBefore + (_open?.Position ?? 0)) / (double)length;

    /// <summary>Gets the paths of the files.</summary>
    public IReadOnlyList<string> Paths => [.. _files.Select(file => file.Path).OfType<string>()];

    /// <summary>Gets what changes where a file is written while it is read.</summary>
    public string Stamp => string.Join(' ', Paths.Select(path => new FileInfo(path)).Select(file =>
        FormattableString.Invariant($"{file.Length}:{file.LastWriteTimeUtc.Ticks}")));

    private long Length => _files.Sum(file => file.Length ?? 0);

    /// <summary>Finds the files that are meant by names of files and folders; of a folder all <c>*.txt</c>, <c>*.csv</c>, <c>*.tsv</c>,
    /// <c>*.jsonl</c> and <c>*.ndjson</c> within it, in the order of their paths.</summary>
    /// <param name="inputs">Files and folders, and "-" for the standard input.</param>
    /// <param name="options">How they are read.</param>
    /// <param name="context">What opens the standard input, and is told what is left out of a folder.</param>
    /// <param name="textOption">The option by which a text is given in place of files.</param>
    /// <exception cref="UsageException">There is no such file, or no file of rows in the folder.</exception>
    public static IReadOnlyList<RowFile> Find(
        IReadOnlyList<string> inputs, RowOptions options, CommandContext context, string textOption = "--text")
    {
        var files = new List<RowFile>();
        foreach (string input in inputs)
        {
            if (input == TextFile.StandardInput)
                files.Add(new(InputLines.Name, options.FormatOf(""), context.OpenInput, null));
            else if (Directory.Exists(input))
                files.AddRange(OfFolder(input, context).Select(path => Of(path, options, context.Stop)));
            else if (InputFile.Exists(input))
                files.Add(Of(input, options, context.Stop));
            else
                throw new UsageException($"{CommandContext.Quote(input)} {InputFile.Missing(input)}. Give a file or a folder of rows, - "
                    + $"for the standard input, or a text by {textOption}.");
        }

        return files;
    }

    /// <summary>Reads the rows.</summary>
    /// <exception cref="TextDataException">A file can't be read any further.</exception>
    public IEnumerable<RawRow> Read()
    {
        long number = 0;
        _readBefore = 0;
        foreach (string text in _texts)
            yield return Typed(text, number++);

        foreach (RowFile file in _files)
        {
            using RowText text = file.Open(_encoding);
            _open = text;
            IEnumerable<RawRow> rows = file.Format is InputFormat.Csv or InputFormat.Tsv ? Table(file, text) : Lines(file, text);
            foreach (RawRow row in rows)
                yield return row with { Number = number++ };
            (_open, _readBefore) = (null, _readBefore + (file.Length ?? 0));
        }

        if (number == 0 && TextIfEmpty is { } stands)
            yield return Typed(stands, 0);
    }

    private static RowFile Of(string path, RowOptions options, CancellationToken stop) =>
        new(path, options.FormatOf(path), () => InputFile.Open(path, stop), path);

    private static IReadOnlyList<string> OfFolder(string path, CommandContext context)
    {
        TextFolder folder = TextFolder.Find(path, endings: Endings);
        if (folder.Warning is { } warning)
            context.Warn(warning);
        return folder.Files;
    }

    private RawRow Typed(string text, long number)
    {
        var layout = RowLayout.OfText(null, _names with { Target = null }, conditions: false);
        Columns = layout.Names;
        return new(number, layout, 0, text, null, null);
    }

    private IEnumerable<RawRow> Lines(RowFile file, RowText text)
    {
        RowLayout layout = file.Format == InputFormat.Text ? RowLayout.OfText(file.Name, _names, _options.Conditions)
            : new() { File = file.Name, Format = InputFormat.Jsonl, Names = [] };
        Columns = layout.Names;
        var lines = new LineReader(text.Reader);
        string? line = null;
        for (long number = 1; text.Guard(() => lines.Read(out line), file.Name, () => number); number++)
        {
            string? fault = text.FaultUpTo(number) ?? (line is null
                ? $"this line has more than {LineReader.Longest:N0} characters, which is too long for a row" : null);
            // Between objects there may be empty lines; an empty line of text is a row.
            if (fault is not null || layout.Format == InputFormat.Text || !string.IsNullOrWhiteSpace(line))
                yield return new(0, layout, number, line ?? "", null, fault);
        }
    }

    private IEnumerable<RawRow> Table(RowFile file, RowText text)
    {
        char separator = _options.Separator is null ? file.Format == InputFormat.Tsv ? '\t' : ',' : _options.SeparatorOf(file.Name);
        using IEnumerator<(string[] Fields, int Line)> records =
            TableRecords.Read(text.Reader, file.Name, separator, _options.Quotes).GetEnumerator();
        RowLayout? layout = null;
        long last = 1;
        while (text.Guard(records.MoveNext, file.Name, () => last))
        {
            (string[] fields, int line) = records.Current;
            last = line + fields.Sum(TableRecords.LineEndsIn);
            string? fault = text.FaultUpTo(last);
            if (layout is null)
            {
                if (fault is not null)
                    throw new TextDataException($"{fault}.", file.Name, line);
                layout = RowLayout.OfTable(file.Name, file.Format, _options.Header ? fields : TableColumns.Numbers(fields.Length), _names,
                    _options);
                Columns = layout.Names;
                if (_options.Header)
                    continue;
            }

            if (fields.Length != layout.Names.Count)
            {
                fault ??= $"there {(fields.Length == 1 ? "is" : "are")} {Counted.Of(fields.Length, "field")}, but the table has "
                    + $"{Counted.Of(layout.Names.Count, "column")}: {TableColumns.List(layout.Names)}";
            }

            yield return new(0, layout, line, null, fields, fault);
        }

        if (layout is null)
            throw new TextDataException($"this is empty. A table has a line with the names of its columns, and rows.", file.Name);
    }
}
