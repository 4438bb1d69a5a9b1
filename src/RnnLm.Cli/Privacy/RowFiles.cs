using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Privacy;

/// <summary>Reads rows that are compared. A report goes to others, so that files are called by their names alone.</summary>
internal static class RowFiles
{
    /// <summary>Reads real rows. Of a running text, lines are the rows.</summary>
    public static ComparedRows Real(IReadOnlyList<TextFile> files, SourceOptions source, DataMode mode, CommandContext context)
    {
        var data = new TextData(files, source, mode == DataMode.Pairs ? mode : DataMode.Rows);
        foreach (OptionMessage warning in data.Warnings)
            context.Warn(warning);
        return new(ComparedRows.NameOf(files), files, data.Rows().Where(IsText));
    }

    /// <summary>Divides the rows of the training file into those trained on and those kept apart for validation.</summary>
    /// <exception cref="UsageException">The model does not say which these are, or was trained on other rows.</exception>
    public static (ComparedRows Training, ComparedRows HeldOut) Divide(ComparedRows all, TrainingRecord record)
    {
        IReadOnlySet<int> apart = record.RowsKeptApart([.. all.Files.Select(file => Path.GetFileName(file.Path))], all.Rows);
        return (
            all with { Rows = all.Rows.Where((_, number) => !apart.Contains(number)) },
            all with { Name = $"{all.Name}: {Counted.Of(apart.Count, "row")} kept apart for validation",
                Rows = all.Rows.Where((_, number) => apart.Contains(number)) });
    }

    /// <summary>Reads generated rows, as 'rnnlm generate' writes them.</summary>
    public static ComparedRows Generated(IReadOnlyList<TextFile> files, GeneratedFormat format) =>
        new(ComparedRows.NameOf(files), files, files.SelectMany(format.Read).Where(IsText));

    private static bool IsText(TextRow row) => row.Text.Length > 0 || row.Target.Length > 0;
}
