namespace RnnLm.Cli.Privacy;

/// <summary>A figure in two sentences.</summary>
/// <param name="Key">The figure.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Means">What it means.</param>
/// <param name="DoesNotMean">What it does not mean.</param>
internal sealed record FigureWords(string Key, string Title, string Means, string DoesNotMean)
{
    // The mean of log2 |R| − log2 rank where each rank is as likely: log2 e.
    private const string UsualExposure = "1.4";

    public static IEnumerable<FigureWords> Of(PrivacyResult result)
    {
        if (result.Rows is { HeldOut: { } real, Generated: { } generated } rows)
        {
            yield return new("copies", "Exact copies",
                $"{Share(generated.CopyShare)} of the generated rows stand in the training data, character for character; of the held-out "
                + $"rows, {Share(real.CopyShare)} do.",
                "This does not mean that each copy gives someone away: rows that are short or frequent are met by chance, and the held-out "
                + "rows show how often.");
            yield return new("repeats", "Repeated rows",
                $"{Share(generated.RepeatShare)} of the generated rows repeat an earlier generated row; of the held-out rows, "
                + $"{Share(real.RepeatShare)} repeat one another.",
                "Repeats tell how varied the generated data are, and by themselves nothing of the training data.");
            yield return new("distance", "Distance to the closest training row",
                $"Half of the generated rows have a training row at a distance of {generated.Distances.Median:F3} or less, of the held-out "
                + $"rows at {real.Distances.Median:F3}, "
                    + "where 0 is a copy and 1 has no character in common.",
                "The distance counts characters and not meaning: two rows on one person may be far apart, and two on different persons "
                + "close.");
            yield return new("near_copies", "Near copies",
                $"{Share(generated.NearCopyShare)} of the generated rows can be made a training row by changing at most "
                + $"{rows.NearCopyThreshold:P0} of their characters; "
                    + $"of the held-out rows, {Share(real.NearCopyShare)} can.",
                "Where the shares are alike, it does not follow that no row was memorised: shares speak of most rows, and canaries of "
                + "single ones.");
            yield return new("run", "Longest run from a training row",
                $"The longest run of characters that a generated row has from a training row is {generated.Runs.Max:N0} long, and of the "
                + $"held-out rows {real.Runs.Max:N0}; "
                    + $"in half of the rows it is at most {generated.Runs.Median:N0} and {real.Runs.Median:N0}.",
                "Usual words stand in any two texts of a kind, so that a run is no copy by itself: what counts is one longer than real "
                + "rows have.");
        }

        if (result.Exposure is { } exposure && exposure.Canaries.Any(canary => canary.Exposure is not null))
        {
            yield return new("exposure", "Exposure of canaries",
                $"Of {exposure.MaxExposure:F1} bits that make a canary, the model gives away {string.Join(", ", ByRepeats(exposure))}; of "
                + $"a row that it never read, {UsualExposure} bits on average are chance.",
                "A low exposure proves nothing for other rows: one that is more unusual, or was read more often, may be remembered better, "
                + "and only private training sets a bound.");
        }
    }

    /// <summary>Says how generated and held-out rows compare; null where they were not compared.</summary>
    public static string? Verdict(PrivacyReport? rows)
    {
        if (rows is not { CopyComparison: PrivacyComparison.Closer })
            return NearVerdict(rows);
        // What is said of distances is no comfort where rows are repeated word for word.
        string copies = $"{Share(rows.Generated.CopyShare)} are exact copies of training rows, of the held-out rows "
            + $"{Share(rows.HeldOut!.CopyShare)}";
        return rows.Comparison == PrivacyComparison.Closer
            ? $"{NearVerdict(rows)} More are copies, too: {copies}."
            : $"More generated rows than chance gives are copies: {copies}. The model repeats training rows, although "
                + $"its near copies are no more than chance gives: {Both(rows)}.";
    }

    private static string? NearVerdict(PrivacyReport? rows) => rows?.Comparison switch
    {
        PrivacyComparison.Closer => $"Generated rows are closer to the training rows than held-out real rows are: {Both(rows)}. The model "
            + "repeats training rows more often than chance does.",
        PrivacyComparison.Farther => $"Generated rows are not closer to the training rows than held-out real rows are: {Both(rows)}.",
        PrivacyComparison.Alike =>
            $"Generated rows are as close to the training rows as held-out real rows are, as far as so many rows can tell: {Both(rows)}.",
        _ => null,
    };

    /// <summary>Says from how many repeats on canaries are remembered, or why that is not known; null where none were
    /// measured.</summary>
    public static string? ExposureVerdict(PrivacyResult result)
    {
        if (result.Exposure is not { } exposure)
            return null;
        string? doubt = result.ExposureDoubt is { } reason
            ? $"The exposures do not show what the model remembers: {reason}. Measure a model that was trained on the file that 'rnnlm "
                + "plant' wrote."
            : null;
        if (!Groups(exposure).Any())
            return doubt;
        // Half of the bits are far more than chance gives away, and nearly never by it.
        int? repeats = Groups(exposure).Where(group => group.Repeats > 0 && group.Mean > exposure.MaxExposure / 2)
            .Select(group => (int?)group.Repeats).FirstOrDefault();
        return repeats is int from
            ? $"The model remembers canaries that were {Planted(from)}: on average it gives away more than half of the bits that make them."
            : doubt ?? "The model gives away less than half of the bits that make the canaries, however often they were planted.";
    }

    /// <summary>Returns the mean exposure of the canaries of each number of repeats.</summary>
    public static IEnumerable<(int Repeats, int Count, double Mean, double Max)> Groups(ExposureReport exposure) => exposure.Canaries
        .Where(canary => canary.Exposure is not null).GroupBy(canary => canary.Canary.Repeats).OrderBy(group => group.Key)
        .Select(group => (group.Key, group.Count(), group.Average(canary => canary.Exposure!.Value),
            group.Max(canary => canary.Exposure!.Value)));

    public static string Share(double share) =>
        share is 0 or 1 ? $"{share:P0}" : share < 0.0005 ? "< 0.1 %" : share > 0.9995 ? "> 99.9 %" : $"{100 * share:F1} %";

    private static string Both(PrivacyReport rows) =>
        $"{Share(rows.Generated.NearCopyShare)} are near copies, of the held-out rows {Share(rows.HeldOut!.NearCopyShare)}";

    private static IEnumerable<string> ByRepeats(ExposureReport exposure) =>
        Groups(exposure).Select(group => $"{group.Mean:F1} on average where it was {Planted(group.Repeats)}");

    private static string Planted(int repeats) => repeats switch
    {
        0 => "not planted",
        1 => "planted once",
        _ => $"planted {repeats:N0} times",
    };
}
