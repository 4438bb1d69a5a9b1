using System.Text.Json;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Privacy;

/// <summary>Writes what was found as an object of JSON, which is also what a page shows.</summary>
internal static class PrivacyJson
{
    private const int Bins = 20;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="TextDataException">The file holds something else.</exception>
    public static JsonElement Read(string path)
    {
        // A shell may have put a byte order mark before it.
        string text = File.ReadAllText(path);
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("figures", out _)
                && root.TryGetProperty("generated", out _) && root.TryGetProperty("exposure", out _)
                ? root.Clone() : throw new TextDataException("this is not what 'rnnlm privacy --json' prints. Name its file.", path);
        }
        catch (JsonException e)
        {
            JsonSyntaxFault? fault = JsonSyntax.Find(text);
            throw new TextDataException($"this is not JSON: {fault}. Name the file of what 'rnnlm privacy --json' prints.", path,
                fault?.Line, e);
        }
    }

    /// <summary>Returns what was found as an object.</summary>
    public static JsonElement ToElement(PrivacyResult result)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            Write(json, result);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    public static void Write(Utf8JsonWriter json, PrivacyResult result)
    {
        json.WriteString("model", result.Model);
        PrivacyReport? rows = result.Rows;
        if (rows is not null)
        {
            json.WriteString("training_file", result.Names.Training);
            json.WriteNumber("training_rows", rows.TrainingRows);
            json.WriteNumber("near_copy_threshold", rows.NearCopyThreshold);
            json.WriteNumber("sample", result.Sample);
            json.WriteNumber("seed", result.Seed);
            json.WriteString("comparison", OptionName.Of(rows.Comparison.ToString()));
            json.WriteString("copy_comparison", OptionName.Of(rows.CopyComparison.ToString()));
            json.WriteString("verdict", FigureWords.Verdict(rows));
        }

        WriteRows(json, "generated", result.Names.Generated, rows?.Generated);
        WriteRows(json, "held_out", result.Names.HeldOut, rows?.HeldOut);
        if (rows is { HeldOut: not null })
        {
            WriteHistogram(json, "distance_histogram", DistanceBins(), rows, set => set.Distances);
            WriteHistogram(json, "run_histogram", RunBins(Math.Max(rows.Generated.Runs.Max, rows.HeldOut.Runs.Max)), rows, set => set.Runs);
        }

        WriteExposure(json, result.Exposure, FigureWords.ExposureVerdict(result));
        json.WriteStartArray("figures");
        foreach (FigureWords figure in FigureWords.Of(result))
        {
            json.WriteStartObject();
            json.WriteString("figure", figure.Key);
            json.WriteString("title", figure.Title);
            json.WriteString("means", figure.Means);
            json.WriteString("does_not_mean", figure.DoesNotMean);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRows(Utf8JsonWriter json, string name, string file, RowPrivacy? rows)
    {
        if (rows is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("file", file);
        json.WriteNumber("rows", rows.Rows);
        json.WriteNumber("copies", rows.Copies);
        json.WriteNumber("copy_share", rows.CopyShare);
        json.WriteNumber("repeats", rows.Repeats);
        json.WriteNumber("repeat_share", rows.RepeatShare);
        json.WriteNumber("compared", rows.Compared);
        json.WriteNumber("near_copies", rows.NearCopies);
        json.WriteNumber("near_copy_share", rows.NearCopyShare);
        WriteDistribution(json, "distance", rows.Distances);
        WriteDistribution(json, "run", rows.Runs);
        json.WriteEndObject();
    }

    private static void WriteDistribution(Utf8JsonWriter json, string name, RowDistribution values)
    {
        json.WriteStartObject(name);
        json.WriteNumber("min", values.Min);
        json.WriteNumber("p1", values.Quantile(0.01));
        json.WriteNumber("p5", values.Quantile(0.05));
        json.WriteNumber("median", values.Median);
        json.WriteNumber("mean", values.Mean);
        json.WriteNumber("p95", values.Quantile(0.95));
        json.WriteNumber("p99", values.Quantile(0.99));
        json.WriteNumber("max", values.Max);
        json.WriteEndObject();
    }

    private static void WriteHistogram(
        Utf8JsonWriter json, string name, IEnumerable<(double Above, double UpTo)> bins, PrivacyReport rows,
        Func<RowPrivacy, RowDistribution> values)
    {
        json.WriteStartArray(name);
        foreach ((double above, double upTo) in bins)
        {
            json.WriteStartObject();
            json.WriteNumber("above", above);
            json.WriteNumber("up_to", upTo);
            json.WriteNumber("generated", Count(rows.Generated));
            json.WriteNumber("held_out", Count(rows.HeldOut!));
            json.WriteEndObject();

            int Count(RowPrivacy set) => values(set).CountUpTo(upTo) - values(set).CountUpTo(above);
        }

        json.WriteEndArray();
    }

    /// <summary>Copies, and twenty bins of equal width.</summary>
    private static IEnumerable<(double, double)> DistanceBins() =>
        Enumerable.Range(0, Bins).Select(i => (i / (double)Bins, (i + 1) / (double)Bins)).Prepend((-1, 0));

    /// <summary>At most twenty bins of equal width, each of so many whole numbers.</summary>
    private static IEnumerable<(double, double)> RunBins(double most)
    {
        int width = (int)Math.Ceiling((most + 1) / Bins);
        for (int start = 0; start <= most; start += width)
            yield return (start - 1, start + width - 1);
    }

    private static void WriteExposure(Utf8JsonWriter json, ExposureReport? exposure, string? verdict)
    {
        if (exposure is null)
        {
            json.WriteNull("exposure");
            return;
        }

        json.WriteStartObject("exposure");
        json.WriteString("format", exposure.Format.Text);
        json.WriteNumber("combinations", exposure.Combinations);
        json.WriteNumber("max_exposure", exposure.MaxExposure);
        json.WriteNumber("scored", exposure.Scored);
        json.WriteFinite("fit_distance", exposure.FitDistance);
        json.WriteString("verdict", verdict);
        json.WriteStartArray("by_repeats");
        foreach ((int repeats, int count, double mean, double max) in FigureWords.Groups(exposure))
        {
            json.WriteStartObject();
            json.WriteNumber("repeats", repeats);
            json.WriteNumber("canaries", count);
            json.WriteNumber("mean_exposure", mean);
            json.WriteNumber("max_exposure", max);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("canaries");
        foreach (CanaryExposure canary in exposure.Canaries)
        {
            json.WriteStartObject();
            json.WriteString("text", canary.Canary.Text);
            json.WriteNumber("repeats", canary.Canary.Repeats);
            if (canary.Canary.Condition is { } condition)
                json.WriteString("condition", condition);
            json.WriteString("method", OptionName.Of(canary.Method.ToString()));
            json.WriteFinite("log_perplexity", canary.LogPerplexity);
            json.WriteFinite("exposure", canary.Exposure);
            json.WriteFinite("rank", canary.Rank);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
