using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Models;

/// <summary>Finds conditions by their names.</summary>
internal static class ConditionNames
{
    /// <summary>Sees to it that a model's conditions are read, and not taken for text.</summary>
    /// <param name="rows">The rows to be scored.</param>
    /// <param name="known">The conditions that the model knows.</param>
    /// <param name="source">How the rows are read.</param>
    /// <param name="model">The model's file.</param>
    /// <param name="file">The rows' file.</param>
    /// <param name="context">Where a warning is written.</param>
    /// <returns>The same rows, checked as they are read.</returns>
    public static IEnumerable<TextRow> Check(
        IEnumerable<TextRow> rows, IReadOnlyList<string> known, SourceOptions source, string model, string file, CommandContext context)
    {
        if (source.HasConditions)
            return rows.Select(row => { Find(known, row.Condition); return row; });
        if (known.Count == 0)
            return rows;
        context.Warn($"'{model}' has conditions, and none are read with '{file}': each text is scored without one. "
            + "Where lines begin with a condition and a tab, say --conditions; of a table, name the column by --condition-column.");
        var names = known.ToHashSet(StringComparer.Ordinal);
        return rows.Select(row =>
        {
            int tab = row.Text.Span.IndexOf('\t');
            return tab > 0 && names.Contains(row.Text[..tab].ToString())
                ? throw new UsageException($"'{file}' has lines that begin with '{row.Text[..tab]}', a condition of '{model}', and a tab. "
                + "Say --conditions, or they are scored as text.")
                : row;
        });
    }

    /// <summary>Returns the index of a condition, or -1 for none, which is null or, unless a condition is called that, an empty
    /// text.</summary>
    /// <exception cref="UsageException">The model does not know it.</exception>
    public static int Find(IReadOnlyList<string> known, string? name)
    {
        if (name is null)
            return -1;
        for (int i = 0; i < known.Count; i++)
        {
            if (known[i] == name)
                return i;
        }

        if (name.Length == 0)
            return -1;
        throw new UsageException(known.Count == 0
            ? $"the model has no conditions, so '{name}' means nothing to it."
            : new KnownConditions(known).Unknown(name));
    }
}
