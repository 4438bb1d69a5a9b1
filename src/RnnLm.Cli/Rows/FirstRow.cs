namespace RnnLm.Cli.Rows;

/// <summary>Looks ahead to the first row, for the names of its columns.</summary>
internal static class FirstRow
{
    /// <summary>Returns the names of the columns of the first row that is as it should be; null where there is none.</summary>
    /// <param name="rows">The rows, of which some are read; to be read on once.</param>
    /// <param name="parser">What understands them.</param>
    public static IReadOnlyList<string>? NamesOf(ref IEnumerable<RawRow> rows, RowParser parser)
    {
        IEnumerator<RawRow> rest = rows.GetEnumerator();
        var read = new List<RawRow>();
        IReadOnlyList<string>? names = null;
        while (names is null && rest.MoveNext())
        {
            read.Add(rest.Current);
            names = NamesOf(rest.Current, parser);
        }

        rows = Join(read, rest);
        return names;
    }

    private static string[]? NamesOf(RawRow row, RowParser parser)
    {
        try
        {
            return [.. parser.Parse(row).Names];
        }
        catch (FormatException)
        {
            // It is met again when it is answered.
            return null;
        }
    }

    private static IEnumerable<RawRow> Join(List<RawRow> read, IEnumerator<RawRow> rest)
    {
        using (rest)
        {
            foreach (RawRow row in read)
                yield return row;
            while (rest.MoveNext())
                yield return rest.Current;
        }
    }
}
