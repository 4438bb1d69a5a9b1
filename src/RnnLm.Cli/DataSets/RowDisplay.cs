using RnnLm.Cli.Progress;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.DataSets;

/// <summary>Shows how many rows are written, and how fast: in one place on a terminal, else a line every ten seconds.</summary>
/// <param name="context">Where it is shown.</param>
/// <param name="rows">The number after that of the last row; a row beyond it, which another run wrote, does not count.</param>
/// <param name="columns">The number of texts of a row.</param>
/// <param name="first">The number of the first row.</param>
internal sealed class RowDisplay(CommandContext context, long rows, int columns, long first = 0)
{
    private readonly CountDisplay _display = new(context);
    private long _count, _earlier, _missing, _invalid, _known, _repeated;

    /// <summary>Gets the number of rows, those that are missing too.</summary>
    public long Count => _count;

    /// <summary>Gets the number of rows that are missing.</summary>
    public long Missing => _missing;

    /// <summary>Runs the writing under the display.</summary>
    public void Run(Action write) => _display.Run(write);

    /// <summary>Takes note of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isEarlier">Whether another run wrote it.</param>
    public void Add(GeneratedRow row, bool isEarlier = false)
    {
        if (row.Number >= rows)
            return;
        _count++;
        _earlier += isEarlier ? 1 : 0;
        _missing += row.IsMissing ? 1 : 0;
        _invalid += row.Rejected.Invalid;
        _known += row.Rejected.Known;
        _repeated += row.Rejected.Repeated;
        _display.Show(Parts);
    }

    /// <summary>Returns what was written for the rows, and what of it was not kept.</summary>
    public string Summary()
    {
        (long Count, string Why)[] all = [(_invalid, "invalid"), (_known, "known already"), (_repeated, "written before")];
        string[] rejected =
            [.. all.Where(part => part.Count > 0).Select(part => FormattableString.Invariant($"{part.Count:N0} {part.Why}"))];
        string texts = $"{Counted.Of(Texts, "text")} written{(rejected.Length == 0 ? "" : $": {string.Join(", ", rejected)}")}";
        return _missing == 0 ? texts
            : $"{texts}; {Counted.Of(_missing, "row")} {(_missing == 1 ? "is" : "are")} missing, as no text could be kept";
    }

    private long Texts => _invalid + _known + _repeated + (columns * (_count - _missing));

    private IEnumerable<string> Parts()
    {
        double rate = (_count - _earlier) / Math.Max(1e-3, _display.Seconds);
        yield return FormattableString.Invariant($"{_count:N0}/{rows - first:N0} rows");
        yield return $"{ProgressText.Rate(rate)} rows/s";
        if (rate > 0)
            yield return $"{ProgressText.Time(TimeSpan.FromSeconds(Math.Min(1e7, (rows - first - _count) / rate)))} left";
        if (_count > _missing)
            yield return FormattableString.Invariant($"{(double)Texts / (_count - _missing):G3} texts a row");
        if (_repeated + _known > 0)
            yield return FormattableString.Invariant($"repeats {(double)(_repeated + _known) / Texts:P1}");
        if (_missing > 0)
            yield return FormattableString.Invariant($"{_missing:N0} missing");
    }
}
