namespace WebForm.Demonstration;

/// <summary>
/// Article numbers of three invented suppliers, each with its own way of numbering. A supplier has twenty series, some of which are ordered
/// far more often than others.
/// </summary>
internal sealed class ArticleNumbers
{
    private readonly Random _random = new(1);
    private readonly Func<string>[] _series;

    public ArticleNumbers() => _series =
    [
        Halden("KB-4471"), Marlow("K", "447-B"), Tessin("44K-713"),
        .. Enumerable.Range(0, 57).Select(number => (number % 3) switch
        {
            0 => Halden($"{Letters(2)}-{Digits(4)}"),
            1 => Marlow(Letters(1), $"{Digits(3)}-{Letters(1)}"),
            _ => Tessin($"{Digits(2)}{Letters(1)}-{Digits(3)}"),
        }),
    ];

    /// <summary>Returns the next number. Of the series, the n-th is drawn about 1 / n as often as the first.</summary>
    public string Next() => _series[(int)Math.Pow(_series.Length, _random.NextDouble()) - 1]();

    private Func<string> Halden(string series) => () => $"{series}-{Year()}";                          // KB-4471-23

    private Func<string> Marlow(string letter, string series) => () => $"{letter}{Year()}-{series}{_random.Next(1, 5)}";   // K23-447-B1

    private Func<string> Tessin(string series) => () => $"{series}-{Letters(2)}";                      // 44K-713-BD

    private int Year() => _random.Next(18, 27);

    private string Letters(int count) => new(_random.GetItems<char>("BDEHKLMRT", count));

    private string Digits(int count) => new(_random.GetItems<char>("0123456789", count));
}
