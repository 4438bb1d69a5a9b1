using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.DataSets;

/// <summary>The values of an option that says something of each column: of the only one, or <c>NAME=VALUE</c>.</summary>
internal static class NamedValues
{
    /// <summary>Returns the values by the column that they are for.</summary>
    /// <param name="option">The option.</param>
    /// <param name="given">What was given.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="several">Whether there may be several values for a column.</param>
    /// <exception cref="UsageException">It is not said which column a value is for, or there are two.</exception>
    public static ILookup<string, string> Read(
        string option, IReadOnlyList<string> given, IReadOnlyList<string> columns, bool several = false)
    {
        (string Column, string Value)[] values = [.. given.Select(value => Divide(option, value, columns))];
        var groups = values.GroupBy(value => value.Column, StringComparer.Ordinal);
        if (!several && groups.FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            string which = columns.Count > 1 ? $" for the column '{twice.Key}'" : "";
            throw new UsageException($"{option} is given twice{which}. Give it once.");
        }

        return values.ToLookup(value => value.Column, value => value.Value, StringComparer.Ordinal);
    }

    private static (string Column, string Value) Divide(string option, string value, IReadOnlyList<string> columns)
    {
        int equals = value.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && columns.Contains(value[..equals], StringComparer.Ordinal))
            return (value[..equals], value[(equals + 1)..]);
        if (columns.Count == 1)
            return (columns[0], value);
        throw new UsageException($"{option} '{value}': say which column it is for, such as {option} \"{columns[^1]}={value}\". "
            + $"There are {string.Join(", ", columns)}.");
    }
}
