namespace RnnLm.Cli.Terminal;

/// <summary>Rows of cells, written in columns.</summary>
/// <param name="textColumns">The number of columns, from the left, that hold text; the others hold figures.</param>
/// <param name="heads">The heads of the columns.</param>
internal sealed class Table(int textColumns, params string[] heads)
{
    private readonly List<string[]> _rows = [Array.ConvertAll(heads, CommandContext.OneLine)];

    /// <summary>Adds a row. What would break its line, such as a tab in a name, is escaped.</summary>
    public void Add(params string[] cells) => _rows.Add(Array.ConvertAll(cells, CommandContext.OneLine));

    public void Write(TextWriter output)
    {
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
            output.WriteLine(string.Join("  ",
                row.Select((cell, column) => column < textColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
    }
}
