using RnnLm.Diagnostics;
using RnnLm.Text;

namespace RnnLm.Data;

/// <summary>What is worth a word about rows that were read.</summary>
internal sealed class CorpusNotes
{
    /// <summary>Gets or sets the number of rows read.</summary>
    public long Rows { get; set; }

    /// <summary>Gets or sets the number of rows left out, since they are empty.</summary>
    public long EmptyRows { get; set; }

    /// <summary>Gets or sets the number of pairs with an empty target.</summary>
    public long EmptyTargets { get; set; }

    /// <summary>Gets or sets the number of rows that were read in part, since they are too long.</summary>
    public long CutRows { get; set; }

    /// <summary>Gets or sets the number of line ends that were read as line feeds.</summary>
    public long LineEndsChanged { get; set; }

    /// <summary>Says what was noticed of the rows themselves.</summary>
    /// <param name="log">Where it is said; null for nowhere.</param>
    /// <param name="what">Which data they are.</param>
    /// <param name="maxRowLength">The number of characters of a row that were read.</param>
    public void Report(IProgress<LogMessage>? log, string what, int maxRowLength)
    {
        if (LineEndsChanged > 0)
        {
            log?.Report(new LogMessage(LogSeverity.Info,
                $"read as line feeds: {Counted.Of(LineEndsChanged, "line end")} of the {what} data that are CRLF or CR. "
                + $"{OptionIds.KeepLineEnds.Set(true)} keeps them as they are."));
        }

        Warn(log, EmptyRows, $"left out of the {what} data: {Counted.Of(EmptyRows, "empty row")}.");
        Warn(log, EmptyTargets,
            $"empty targets in {Counted.Of(EmptyTargets, "row")} of the {what} data: there the model learns to answer nothing.");
        Warn(log, CutRows,
            $"cut off at {OptionIds.MaxRowLength.Set(maxRowLength)} characters: {Counted.Of(CutRows, "row")} of the {what} data.");
    }

    /// <summary>Says how many rows have no condition, or no label, that the model knows.</summary>
    public static void ReportMissing(IProgress<LogMessage>? log, string what, long rows, bool labels) => Warn(log, rows, labels
        ? $"not counted: {Counted.Of(rows, "row")} of the {what} data without a label, or with one that the model does not know."
        : $"begun with no condition: {Counted.Of(rows, "row")} of the {what} data without a condition, or with one that the model "
            + $"does not know.");

    /// <summary>Says how many characters the model does not know; and where they are many, what that makes of its figures.</summary>
    /// <param name="log">Where it is said; null for nowhere.</param>
    /// <param name="what">Which data they are.</param>
    /// <param name="policy">What is done with them.</param>
    /// <param name="unknown">How many there are.</param>
    /// <param name="total">How many characters were read.</param>
    /// <param name="figures">Whether the model's figures are those of characters.</param>
    /// <param name="mayGrow">Whether the model could learn them.</param>
    public static void ReportUnknown(
        IProgress<LogMessage>? log, string what, UnknownCharacterPolicy policy, long unknown, long total, bool figures, bool mayGrow)
    {
        double share = unknown / (double)total;
        bool many = share > CharVocabulary.HighUnknownShare && figures;
        string count = $"{Counted.Of(unknown, "character")} ({share:P0})";
        OptionMessage learns = mayGrow ? $" {OptionIds.Grow.Set(true)} lets the model learn them." : (OptionMessage)"";
        Warn(log, unknown, policy == UnknownCharacterPolicy.Skip
            ? (OptionMessage)($"left out of the {what} data: {count} not in the vocabulary."
                + $"{(many ? " Loss and perplexity are those of the others." : "")}{learns}")
            : $"read as the unknown token: {count} of the {what} data that the vocabulary does not "
                + $"have.{(many ? " Loss and perplexity mostly say how well these are told from known ones." : "")}{learns}");
    }

    private static void Warn(IProgress<LogMessage>? log, long count, OptionMessage message)
    {
        if (count > 0)
            log?.Report(new(LogSeverity.Warning, message));
    }
}
