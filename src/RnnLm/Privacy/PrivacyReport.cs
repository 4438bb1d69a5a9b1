using RnnLm.Diagnostics;
using RnnLm.Privacy;

namespace RnnLm;

/// <summary>
/// What generated rows give away of the training rows: copies, near copies and copied runs, each beside what real rows that were not
/// trained on have of them by chance. It holds figures alone, and no text of any row.
/// </summary>
/// <remarks>
/// A row is its text; of a pair, input, tab and target. Conditions do not count, and empty rows are left out. A character is a Unicode
/// scalar value (<see cref="System.Text.Rune"/>); a letter with a combining mark is two. CRLF and CR are read as a line feed.
/// </remarks>
/// <example>
/// <code>
/// PrivacyReport report = PrivacyReport.Compare(training, generated, heldOut);
/// Console.WriteLine($"{report.Generated.NearCopyShare:P1} near copies, of real rows {report.HeldOut!.NearCopyShare:P1}");
/// </code>
/// </example>
public sealed record PrivacyReport
{
    // The quantile of the normal distribution that leaves 2.5 % on each side.
    private const double TwoSided95 = 1.959964;

    private PrivacyReport(long trainingRows, double threshold, RowPrivacy generated, RowPrivacy? heldOut) =>
        (TrainingRows, NearCopyThreshold, Generated, HeldOut) = (trainingRows, threshold, generated, heldOut);

    /// <summary>Gets the number of training rows.</summary>
    public long TrainingRows { get; }

    /// <summary>Gets the distance up to which a row counts as a near copy.</summary>
    public double NearCopyThreshold { get; }

    /// <summary>Gets the figures of the generated rows.</summary>
    public RowPrivacy Generated { get; }

    /// <summary>Gets the figures of the held-out rows, which say what is chance; <see langword="null"/> where none were given.</summary>
    public RowPrivacy? HeldOut { get; }

    /// <summary>
    /// Gets how the share of near copies among the generated rows compares with that among the held-out rows: a test of two shares at 95 %.
    /// Where there are no held-out rows, it is <see cref="PrivacyComparison.Unknown"/>.
    /// </summary>
    public PrivacyComparison Comparison => CompareShares(set => set.NearCopies, set => set.Compared);

    /// <summary>
    /// Gets how the share of copies among the generated rows compares with that among the held-out rows, by the same test. Where near
    /// copies are frequent by chance, the model may still repeat rows character for character.
    /// </summary>
    public PrivacyComparison CopyComparison => CompareShares(set => set.Copies, set => set.Rows);

    /// <summary>Compares rows. The same rows and options give the same figures, whatever the number of threads.</summary>
    /// <param name="training">The rows that the model was trained on, without <paramref name="heldOut"/>; read once, row by row, in memory
    /// that does not grow with their number.</param>
    /// <param name="generated">The rows that the model wrote; read once. About 50 bytes of memory are held for each.</param>
    /// <param name="heldOut">
    /// Real rows of the same kind that the model was not trained on, read once: what is usual among them is chance. <see langword="null"/>
    /// for none.
    /// </param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="TextDataException">There are no training rows, no generated rows, or no held-out rows where they were
    /// given.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PrivacyReport Compare(
        IEnumerable<TextRow> training, IEnumerable<TextRow> generated, IEnumerable<TextRow>? heldOut = null, PrivacyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(generated);
        options ??= new PrivacyOptions();
        var faults = new OptionFaults();
        options.Check(faults);
        faults.ThrowIfAny(nameof(options));

        RowSet[] sets = heldOut is null ? [Read(generated, "generated")] : [Read(generated, "generated"), Read(heldOut, "held-out")];
        var comparison = new RowComparison(sets, options);
        foreach (TextRow row in training)
            comparison.AddTraining(RowText.Of(row));
        comparison.Finish();
        if (comparison.TrainingRows == 0)
            throw new TextDataException("there are no training rows to compare with.");
        RowPrivacy[] figures = [.. sets.Select(set => set.Describe(options.NearCopyThreshold))];
        return new(comparison.TrainingRows, options.NearCopyThreshold, figures[0], figures.ElementAtOrDefault(1));

        RowSet Read(IEnumerable<TextRow> rows, string what)
        {
            var set = new RowSet(what, options.Sample, options.Seed);
            foreach (TextRow row in rows)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                set.Add(RowText.Of(row));
            }

            return set.Rows > 0 ? set : throw new TextDataException($"there are no {what} rows to compare.");
        }
    }

    private PrivacyComparison CompareShares(Func<RowPrivacy, long> some, Func<RowPrivacy, long> all)
    {
        if (HeldOut is not { } real)
            return PrivacyComparison.Unknown;
        double n = all(Generated), m = all(real);
        double pooled = (some(Generated) + some(real)) / (n + m);
        double error = Math.Sqrt(pooled * (1 - pooled) * ((1 / n) + (1 / m)));
        double difference = (some(Generated) / n) - (some(real) / m);
        return Math.Abs(difference) <= TwoSided95 * error ? PrivacyComparison.Alike
            : difference > 0 ? PrivacyComparison.Closer : PrivacyComparison.Farther;
    }
}
