using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Rows;

/// <summary>Chooses how results are written.</summary>
internal static class ResultLayouts
{
    /// <summary>Chooses by what was asked for, by the ending of the output, or by how rows are read. A table's columns are those of the
    /// first row, which is read for that.</summary>
    /// <param name="task">What answers the rows.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="source">Where the rows come from.</param>
    /// <param name="parser">What understands them.</param>
    /// <param name="output">The file, or the folder of parts; null for the standard output.</param>
    /// <param name="isPart">Whether it is the folder.</param>
    /// <param name="rows">The rows, of which the first may be read; to be read on once.</param>
    /// <exception cref="UsageException">The results can't be written in the format.</exception>
    public static ResultLayout Choose(
        RowTask task, RowOptions options, RowSource source, RowParser parser, string? output, bool isPart, ref IEnumerable<RawRow> rows)
    {
        OutputFormat named = options.OutputFormat != OutputFormat.Auto || isPart ? options.OutputFormat : ResultLayout.FormatOf(output);
        OutputFormat format = named != OutputFormat.Auto ? named : source.Format switch
        {
            InputFormat.Jsonl => OutputFormat.Jsonl,
            InputFormat.Csv => OutputFormat.Csv,
            InputFormat.Tsv => OutputFormat.Tsv,
            _ => task.HasLines && !isPart ? OutputFormat.Text : OutputFormat.Jsonl,
        };
        var layout = new ResultLayout(format, [], task.Columns[0], task.VectorLength);
        if (layout.IsMatrix && task.VectorLength == 0)
            throw new UsageException("a matrix (*.npy, *.safetensors) holds vectors, which rnnlm embed makes. Say --output-format jsonl or "
                + "csv.");
        if (layout.IsMatrix && output is null)
            throw new UsageException("a matrix begins with the number of its rows, so it needs a file: name one by --output.");
        if (format == OutputFormat.Text && !task.HasLines)
            throw new UsageException("vectors can't be written as lines of text. Say --output-format jsonl, csv, npy or safetensors.");
        if (!layout.IsTable)
            return layout;
        IReadOnlyList<string> names = FirstRow.NamesOf(ref rows, parser) ?? (source.Columns.Count > 0 ? source.Columns : [parser.TextName]);
        return layout with
        {
            Columns = [.. names.Except(task.Columns, StringComparer.Ordinal), .. task.Columns],
            // As it was read, it is read again. The lists of a CSV would have its commas within.
            Quotes = options.Quotes || (source.Format, format) != (InputFormat.Tsv, OutputFormat.Tsv),
        };
    }
}
