using System.Text.Json;
using RnnLm.Diagnostics;
using RnnLm.Files;
using RnnLm.Numerics;

namespace RnnLm;

/// <summary>
/// Canaries of one format (Carlini et al., The secret sharer, 2019, arXiv 1802.08232): planted in the training data, they show how much a
/// model remembers of a row that it read so many times.
/// </summary>
/// <example>
/// <code>
/// CanarySet canaries = CanarySet.Draw("customer [0-9]{6}", perRepeats: 10, repeats: [0, 1, 10], seed: 1);
/// using RnnLanguageModel model = RnnLanguageModel.Train(canaries.Plant(rows), options);
/// foreach (CanaryExposure found in model.MeasureExposure(canaries).Canaries)
///     Console.WriteLine($"{found.Canary.Repeats}: {found.Exposure:F1} of {canaries.Format.Bits:F1} bits");
/// </code>
/// </example>
public sealed class CanarySet
{
    private const int MaxCanaries = 1_000_000;

    private CanarySet(CanaryFormat format, long seed, IReadOnlyList<Canary> canaries) =>
        (Format, Seed, Canaries) = (format, seed, canaries);

    /// <summary>Gets the format of the canaries.</summary>
    public CanaryFormat Format { get; }

    /// <summary>Gets the seed that texts and places are drawn by.</summary>
    public long Seed { get; }

    /// <summary>Gets the canaries, no two of the same text.</summary>
    public IReadOnlyList<Canary> Canaries { get; }

    /// <summary>Gets or sets the name of the file that the canaries were planted in, where it is known.</summary>
    internal string? FileName { get; set; }

    /// <summary>Gets the number of rows that <see cref="Plant"/> adds.</summary>
    public long PlantedRows => Canaries.Sum(canary => (long)canary.Repeats);

    /// <summary>Draws canaries.</summary>
    /// <param name="format">Their format, as <see cref="CanaryFormat"/> reads it.</param>
    /// <param name="perRepeats">How many canaries there are for each number of repeats.</param>
    /// <param name="repeats">How often canaries are planted: those of each number are a group. 0 for canaries that are not, to compare
    /// with.</param>
    /// <param name="seed">The seed; the same one draws the same canaries, and plants them in the same places.</param>
    /// <param name="conditions">The conditions that the training rows have, of which each canary takes one at random;
    /// <see langword="null"/> for none.</param>
    /// <returns>The canaries.</returns>
    /// <exception cref="FormatException">The format is not one, or has too few texts; the message says why.</exception>
    /// <exception cref="ArgumentException">There are no repeats.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static CanarySet Draw(string format, int perRepeats, IReadOnlyList<int> repeats, long seed,
        IReadOnlyList<string>? conditions = null)
    {
        ArgumentNullException.ThrowIfNull(repeats);
        var parsed = CanaryFormat.Parse(format);
        ArgumentOutOfRangeException.ThrowIfLessThan(perRepeats, 1);
        if (repeats.Count == 0)
            throw new ArgumentException("There should be a number of repeats, such as 1.", nameof(repeats));
        if (repeats.FirstOrDefault(times => times is < 0 or > MaxCanaries) is not 0 and var wrong)
            throw new ArgumentOutOfRangeException(nameof(repeats), wrong, $"A canary is planted from 0 to {MaxCanaries:N0} times.");
        long count = (long)perRepeats * repeats.Count;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCanaries, nameof(perRepeats));
        // With more, there would be nothing left to tell them from.
        if (count > parsed.Combinations / 2)
            throw new FormatException($"'{format}' has {parsed.Combinations:N0} texts, which are too few for {count:N0} canaries. Give it "
                + "a longer random part.");
        var random = new CounterRandom((ulong)seed, 0, RandomPurpose.Canaries);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var canaries = new List<Canary>();
        foreach (int times in repeats)
        {
            for (int i = 0; i < perRepeats; i++)
            {
                string text = parsed.Draw(ref random);
                while (!texts.Add(text))
                    text = parsed.Draw(ref random);
                canaries.Add(new(text, times, conditions is { Count: > 0 } ? conditions[random.NextInt(conditions.Count)] : null));
            }
        }

        return new(parsed, seed, canaries);
    }

    /// <summary>Puts the canaries between training rows, each as often as it says, at places drawn by <see cref="Seed"/>.</summary>
    /// <param name="rows">The rows; read twice. Where they are pairs, a canary is an input, a tab and a target.</param>
    /// <returns>The rows with the canaries among them.</returns>
    /// <exception cref="FormatException">The rows are pairs, and a canary has no tab.</exception>
    public IEnumerable<TextRow> Plant(IEnumerable<TextRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Planted(rows);
    }

    /// <summary>Writes the canaries to a file, as JSON. It is replaced as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Reads the canaries that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The canaries.</returns>
    /// <exception cref="TextDataException">The file does not hold canaries; the message says what is wrong.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static CanarySet Load(string path)
    {
        string text = File.ReadAllText(path);
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            var format = CanaryFormat.Parse(Member(root, "format", JsonValueKind.String, "it").GetString()!);
            Canary[] canaries = [.. Member(root, "canaries", JsonValueKind.Array, "it").EnumerateArray().Select((canary, i) => new Canary(
                Member(canary, "text", JsonValueKind.String, $"canary {i + 1}").GetString()!,
                (int)Whole(canary, "repeats", $"canary {i + 1}", int.MaxValue),
                Text(canary, "condition", $"canary {i + 1}")))];
            if (canaries.Length == 0)
                throw new FormatException("it has no canaries");
            if (canaries.FirstOrDefault(canary => !format.Matches(canary.Text)) is { } other)
                throw new FormatException($"the canary '{other.Text}' is not of the format '{format}'");
            if (canaries.Any(canary => canary.Repeats < 0))
                throw new FormatException("a canary is planted less often than 0 times");
            return new(format, Whole(root, "seed", "it", long.MaxValue), canaries)
            {
                FileName = Text(root, "file", "it"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            JsonSyntaxFault? fault = e is FormatException ? null : JsonSyntax.Find(text);
            string problem = fault is null ? e.Message.TrimEnd('.') : $"it is not JSON: {fault}";
            throw new TextDataException($"this is not a file of canaries: {problem}. Give the file that planting them wrote.", path,
                fault?.Line, e);
        }

        static JsonElement Member(JsonElement element, string name, JsonValueKind kind, string where) =>
            element.ValueKind != JsonValueKind.Object ? throw new FormatException($"{where} is not an object")
            : !element.TryGetProperty(name, out JsonElement member) ? throw new FormatException($"{where} has no \"{name}\"")
            : member.ValueKind == kind ? member
            : throw new FormatException($"the \"{name}\" that {where} has is not {Words(kind)}");

        static long Whole(JsonElement element, string name, string where, long most) =>
            Member(element, name, JsonValueKind.Number, where).TryGetInt64(out long number) && number <= most && number >= -most - 1
            ? number
            : throw new FormatException($"the \"{name}\" that {where} has is not a whole number, or too large");

        static string? Text(JsonElement element, string name, string where) =>
            element.TryGetProperty(name, out _) ? Member(element, name, JsonValueKind.String, where).GetString() : null;

        static string Words(JsonValueKind kind) => kind switch
        {
            JsonValueKind.String => "a text",
            JsonValueKind.Number => "a number",
            _ => "a list",
        };
    }

    internal void Save(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format.Text);
        json.WriteNumber("seed", Seed);
        if (FileName is not null)
            json.WriteString("file", FileName);
        json.WriteStartArray("canaries");
        foreach (Canary canary in Canaries)
        {
            json.WriteStartObject();
            json.WriteString("text", canary.Text);
            json.WriteNumber("repeats", canary.Repeats);
            if (canary.Condition is { } condition)
                json.WriteString("condition", condition);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Returns where canaries go: the number of rows that come before each, in ascending order.</summary>
    /// <param name="rows">The number of rows.</param>
    internal (long Before, Canary Canary)[] Places(long rows)
    {
        var random = new CounterRandom((ulong)Seed, 1, RandomPurpose.Canaries);
        // Sorted by a stable order, so that equal places keep theirs.
        return [.. Canaries.SelectMany(canary => Enumerable.Repeat(canary, canary.Repeats))
            .Select(canary => (Before: (long)Math.BigMul(random.NextUInt64(), (ulong)rows + 1, out _), canary)).ToArray()
                .OrderBy(place => place.Before)];
    }

    /// <summary>Makes the row of a canary.</summary>
    internal static TextRow Row(Canary canary, bool isPair)
    {
        if (!isPair)
            return TextRow.Row(canary.Text, canary.Condition);
        int tab = canary.Text.IndexOf('\t', StringComparison.Ordinal);
        return tab >= 0 ? TextRow.Pair(canary.Text[..tab], canary.Text[(tab + 1)..], canary.Condition)
            : throw new FormatException("The rows are pairs, so a canary is one too: give its format an input, a tab and a target, as in "
            + "'input\\t[0-9]{6}'.");
    }

    private IEnumerable<TextRow> Planted(IEnumerable<TextRow> rows)
    {
        (long Before, Canary Canary)[] places = Places(rows.LongCount());
        int next = 0;
        long number = 0;
        bool isPair = false;
        foreach (TextRow row in rows)
        {
            isPair = row.IsPair;
            for (; next < places.Length && places[next].Before == number; next++)
                yield return Row(places[next].Canary, isPair);
            number++;
            yield return row;
        }

        for (; next < places.Length; next++)
            yield return Row(places[next].Canary, isPair);
    }
}
