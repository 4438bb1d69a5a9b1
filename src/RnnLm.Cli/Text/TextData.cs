namespace RnnLm.Cli;

/// <summary>Text files as rows of data.</summary>
internal sealed class TextData
{
    private readonly IReadOnlyList<TextFile> _files;
    private readonly DataOptions _options;
    private readonly bool _conditions;
    private readonly string _conditionName;

    /// <param name="files">The files.</param>
    /// <param name="options">What a row is. A running text is read in blocks, with nothing put between them.</param>
    /// <param name="conditions">Whether each line begins with a condition and a tab.</param>
    /// <param name="conditionName">What a condition is called: it may be a label.</param>
    /// <exception cref="UsageException">A running text can't have conditions.</exception>
    public TextData(IReadOnlyList<TextFile> files, DataOptions options, bool conditions, string conditionName = "condition")
    {
        if (conditions && options.Mode == DataMode.Stream)
            throw new UsageException("--conditions needs --mode rows or pairs: a running text has no lines of its own.");
        (_files, _options, _conditions, _conditionName) = (files, options, conditions, conditionName);
        if (options.Mode == DataMode.Stream)
            options.RowSeparator = "";
    }

    /// <summary>Gets a name for what comes of the data: that of the first file or folder.</summary>
    public string Name => Path.GetFileNameWithoutExtension(_files[0].Path);

    /// <summary>Gets the names of the files, the first few of many.</summary>
    public string Description => string.Join(", ", _files.Take(10).Select(f => Path.GetFileName(f.Path))) + (_files.Count > 10 ? $", … ({_files.Count} files)" : "");

    /// <summary>Reads the rows.</summary>
    public IEnumerable<TextRow> Rows() => _options.Mode == DataMode.Stream ? Blocks() : Lines();

    private IEnumerable<TextRow> Blocks()
    {
        char last = '\n';
        foreach (TextFile file in _files)
        {
            // Files begin on lines of their own.
            if (last != '\n')
                yield return new TextRow("\n".AsMemory());
            foreach (ReadOnlyMemory<char> block in file.ReadBlocks())
            {
                last = block.Span[^1];
                yield return new TextRow(block);
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
        return new TextRow(parts[text].AsMemory(), pairs ? parts[text + 1].AsMemory() : null, _conditions ? parts[0] : null);
    }
}
