using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Privacy;

/// <summary>Writes what was found in words and columns.</summary>
internal static class PrivacyTable
{
    public static void Write(TextWriter output, PrivacyResult result)
    {
        if (result.Rows is { HeldOut: { } real } rows)
        {
            output.WriteLine($"{rows.TrainingRows:N0} training rows: {result.Names.Training}");
            output.WriteLine($"generated rows: {result.Names.Generated}; held-out rows: {result.Names.HeldOut}");
            output.WriteLine();
            WriteRows(output, rows, rows.Generated, real);
            output.WriteLine();
            output.WriteLine(FigureWords.Verdict(rows));
        }

        if (result.Exposure is not { } exposure)
            return;
        if (result.Rows is not null)
            output.WriteLine();
        WriteExposure(output, exposure, FigureWords.ExposureVerdict(result));
    }

    private static void WriteRows(TextWriter output, PrivacyReport rows, RowPrivacy generated, RowPrivacy real)
    {
        var table = new Table(1, "", "generated", "held-out");
        Add("rows", set => $"{set.Rows:N0}");
        Add("copies of a training row", set => $"{set.Copies:N0} ({FigureWords.Share(set.CopyShare)})");
        Add("repeats of an earlier row", set => $"{set.Repeats:N0} ({FigureWords.Share(set.RepeatShare)})");
        if (generated.Compared < generated.Rows || real.Compared < real.Rows)
            Add("compared, drawn at random", set => $"{set.Compared:N0}");
        Add($"near copies (distance up to {rows.NearCopyThreshold})",
            set => $"{set.NearCopies:N0} ({FigureWords.Share(set.NearCopyShare)})");
        Add("distance to the closest training row: least", set => $"{set.Distances.Min:F3}");
        Add("  1 % of rows, up to", set => $"{set.Distances.Quantile(0.01):F3}");
        Add("  5 %", set => $"{set.Distances.Quantile(0.05):F3}");
        Add("  median", set => $"{set.Distances.Median:F3}");
        Add("  mean", set => $"{set.Distances.Mean:F3}");
        Add("longest run from a training row: median", set => $"{set.Runs.Median:N0}");
        Add("  mean", set => $"{set.Runs.Mean:F2}");
        Add("  99 % of rows, up to", set => $"{set.Runs.Quantile(0.99):N0}");
        Add("  longest, in characters", set => $"{set.Runs.Max:N0}");
        table.Write(output);

        void Add(string name, Func<RowPrivacy, string> figure) => table.Add(name, figure(generated), figure(real));
    }

    private static void WriteExposure(TextWriter output, ExposureReport exposure, string? verdict)
    {
        output.WriteLine($"canaries of the format '{exposure.Format.Text}': {exposure.Combinations:N0} texts, "
            + $"{exposure.MaxExposure:F2} bits");
        var table = new Table(1, "canary", "repeats", "exposure", "rank", "method");
        foreach (CanaryExposure canary in exposure.Canaries)
        {
            table.Add(
                CommandContext.OneLine(canary.Canary.Text), $"{canary.Canary.Repeats:N0}",
                    canary.Exposure is double bits ? $"{bits:F2}" : "-",
                canary.Rank is double rank ? $"{(canary.Method == ExposureMethod.Exact ? "" : "~")}{rank:N0}" : "-",
                    OptionName.Of(canary.Method.ToString()));
        }

        table.Write(output);
        output.WriteLine();
        var groups = new Table(0, "repeats", "canaries", "mean exposure", "highest");
        foreach ((int repeats, int count, double mean, double max) in FigureWords.Groups(exposure))
            groups.Add($"{repeats:N0}", $"{count:N0}", $"{mean:F2}", $"{max:F2}");
        groups.Write(output);
        if (verdict is not null)
            output.WriteLine($"{Environment.NewLine}{verdict}");
    }
}
