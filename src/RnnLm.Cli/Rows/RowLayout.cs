using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Rows;

/// <summary>Where the parts of a row stand in a file.</summary>
internal sealed class RowLayout
{
    /// <summary>Gets what messages call the file; null for texts of the command line.</summary>
    public required string? File { get; init; }

    /// <summary>Gets how the file is read.</summary>
    public required InputFormat Format { get; init; }

    /// <summary>Gets the names of the columns, in their order; none of lines of JSON, which name their own.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Gets the number of the column with the text.</summary>
    public int Text { get; init; }

    /// <summary>Gets the number of the column with the target, or -1.</summary>
    public int Target { get; init; } = -1;

    /// <summary>Gets the number of the column with the condition, or -1.</summary>
    public int Condition { get; init; } = -1;

    /// <summary>Gets the number of the column with the key, or -1.</summary>
    public int Key { get; init; } = -1;

    /// <summary>Returns the layout of lines of text.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="wanted">The names of the parts.</param>
    /// <param name="conditions">Whether each line begins with a condition.</param>
    public static RowLayout OfText(string? file, RowNames wanted, bool conditions) => new()
    {
        File = file,
        Format = InputFormat.Text,
        Names = [.. ((string?[])[conditions ? "condition" : null, wanted.Text[0], wanted.Target?[0]]).OfType<string>()],
        Condition = conditions ? 0 : -1,
        Text = conditions ? 1 : 0,
        Target = wanted.Target is null ? -1 : conditions ? 2 : 1,
    };

    /// <summary>Returns the layout of a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">Whether commas or tabs stand between the fields.</param>
    /// <param name="names">The names of its columns.</param>
    /// <param name="wanted">The names of the parts.</param>
    /// <param name="options">The columns that were named.</param>
    /// <exception cref="UsageException">A column is not there, or it is not said which one has the text.</exception>
    public static RowLayout OfTable(string file, InputFormat format, IReadOnlyList<string> names, RowNames wanted, RowOptions options)
    {
        RefuseTwice(file, names);
        int text = options.TextColumn is { } named
            ? TableColumns.Find(names, named, file, SourceIds.TextColumn) : RowNames.Find(names, wanted.Text);
        if (text < 0 && names.Count == 1)
            text = 0;
        if (text < 0)
        {
            string hint = !options.Header ? "" : " If its first line is a row, and not the names of its columns, say --no-header. If its "
                + "lines are no table, say --input-format text.";
            throw new UsageException($"'{file}' has the columns {TableColumns.List(names)}. Name the one with the text by "
                + $"{SourceIds.TextColumn}.{hint}");
        }

        int target = wanted.Target is null ? -1 : options.TargetColumn is { } answer
            ? TableColumns.Find(names, answer, file, SourceIds.TargetColumn) : RowNames.Find(names, wanted.Target);
        if (wanted.Target is not null && target < 0)
            throw new UsageException($"a model of pairs needs the column with the targets, by {SourceIds.TargetColumn}: '{file}' has "
                + $"{TableColumns.List(names)}.");
        return new()
        {
            File = file,
            Format = format,
            Names = names,
            Text = text,
            Target = target,
            Condition = options.ConditionColumn is { } condition
                ? TableColumns.Find(names, condition, file, SourceIds.ConditionColumn) : RowNames.Find(names, RowNames.Condition),
            Key = options.KeyColumn is { } key
                ? TableColumns.Find(names, key, file, RowNames.KeyOption) : RowNames.Find(names, RowNames.Key),
        };
    }

    /// <summary>Makes sure that each column has a name of its own: by it, the column comes out again.</summary>
    private static void RefuseTwice(string file, IReadOnlyList<string> names)
    {
        if (names.Index().GroupBy(column => column.Item, column => column.Index, StringComparer.Ordinal)
            .FirstOrDefault(columns => columns.Count() > 1) is not { } same)
            return;
        throw new UsageException($"'{file}' has {same.Count()} columns {(same.Key.Length == 0 ? "without a name" : $"named '{same.Key}'")}"
            + $", numbers {string.Join(" and ", same)} from 0. Give each column its own name in the first line.");
    }
}
