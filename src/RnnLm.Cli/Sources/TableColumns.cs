using System.Globalization;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Sources;

/// <summary>Finds the columns of a table.</summary>
internal static class TableColumns
{
    private const int Shown = 30;

    /// <summary>Lists the names of columns, the first ones of many.</summary>
    public static string List(IReadOnlyList<string> names) => string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? ", …" : "");

    /// <summary>Returns names for columns that have none: their numbers, from 0.</summary>
    public static string[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Returns the number of a column, from 0.</summary>
    /// <param name="names">The names of all columns.</param>
    /// <param name="column">The name that was asked for, or the number.</param>
    /// <param name="path">The table.</param>
    /// <param name="option">The option that asks for it.</param>
    /// <param name="hint">What is added where there is no such column, or null.</param>
    /// <exception cref="UsageException">There is no such column, or several.</exception>
    public static int Find(IReadOnlyList<string> names, string column, string path, OptionId option, OptionMessage? hint = null)
    {
        int[] places = [.. Enumerable.Range(0, names.Count).Where(i => names[i] == column)];
        if (places.Length > 1)
            throw new UsageException($"'{path}' has {places.Length} columns named '{column}', numbers "
                + $"{string.Join(" and ", places)} from 0. Give the number in place of the name.", option);
        if (places.Length == 1)
            return places[0];
        if (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < names.Count)
            return index;
        string? nearest = OptionName.Nearest(column, names);
        throw new UsageException($"'{path}' has no column '{column}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} It has "
            + $"{List(names)}.{hint}", option);
    }
}
