using RnnLm;

namespace Classifier;

/// <summary>What customers paste into one field of a form, with its kind: made up, and some of it misspelt, so that no pattern fits
/// all.</summary>
internal static class Codes
{
    private static readonly string[] Names =
        ["anna", "becker", "carlos", "dubois", "ericsson", "fischer", "garcia", "hansen", "ivanova", "jensen"];
    private static readonly string[] Words = ["AUTUMN", "WELCOME", "SUMMER", "THANKS", "BIRTHDAY", "FREESHIP"];
    private static readonly string[] Months = ["January", "March", "May", "June", "October", "December"];

    public static IEnumerable<LabelledText> Rows(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            (string label, string text) = Draw(random);
            yield return new LabelledText(Misspell(text, random), label);
        }
    }

    private static (string Label, string Text) Draw(Random random) => random.Next(20) switch
    {
        < 8 => ("order", $"{random.Next(10, 100)}-{random.Next(10_000, 100_000)}"),
        < 12 => ("voucher", $"{Pick(Words, random)}{random.Next(5, 60)}"),
        < 15 => ("e-mail", $"{Pick(Names, random)}{(random.Next(2) == 0 ? "." : "")}{Pick(Names, random)}@{Pick(Names, random)}.example"),
        < 18 => ("date", random.Next(2) == 0
            ? $"{random.Next(1, 29)} {Pick(Months, random)}"
            : $"{random.Next(2024, 2027)}-{random.Next(1, 13):D2}-{random.Next(1, 29):D2}"),
        18 => ("phone", $"+{random.Next(1, 90)} {random.Next(100, 1000)} {random.Next(100_000, 1_000_000)}"),
        _ => ("credit note", $"R-{random.Next(1000, 10_000)}"),
    };

    /// <summary>Leaves out, doubles or changes a character of every fifth text.</summary>
    private static string Misspell(string text, Random random)
    {
        int at = random.Next(text.Length);
        return random.Next(15) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[at].ToString()),
            2 => char.IsLetter(text[at]) ? text.ToLowerInvariant() : text.Replace('-', ' '),
            _ => text,
        };
    }

    private static string Pick(string[] from, Random random) => from[random.Next(from.Length)];
}
