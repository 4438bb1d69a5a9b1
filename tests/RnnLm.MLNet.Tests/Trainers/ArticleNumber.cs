namespace RnnLm.MLNet.Tests;

/// <summary>An article number as AX-1234-B, which a small model learns in a few steps.</summary>
internal sealed class ArticleNumber
{
    public string? Text { get; set; }

    public string Kind { get; set; } = "";

    public float Label { get; set; }

    /// <summary>Makes good numbers. The kind is the first letter, on which the length of the digits depends.</summary>
    public static ArticleNumber[] Good(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int kind = random.Next(3);
            string digits = string.Concat(Enumerable.Range(0, 3 + kind).Select(_ => random.Next(10)));
            return new ArticleNumber { Text = $"{"ABC"[kind]}X-{digits}-{"BDF"[random.Next(3)]}", Kind = $"{"ABC"[kind]}" };
        })];
    }

    /// <summary>Makes numbers of which each is malformed.</summary>
    public static ArticleNumber[] Bad(int count, int seed)
    {
        ArticleNumber[] rows = Good(count, seed);
        for (int i = 0; i < rows.Length; i++)
        {
            string text = rows[i].Text!;
            rows[i].Label = 1;
            rows[i].Text = (i % 4) switch
            {
                0 => text.Remove(i % text.Length, 1) + "-",
                1 => text.Insert(5, "Q"),
                2 => text.Replace('-', '7'),
                _ => text[..2] + text[3] + text[2] + text[4..],
            };
        }

        return rows;
    }
}
