namespace Scoring;

/// <summary>
/// Article numbers of three invented suppliers. Each has its own way of numbering, of the same characters and about as long, so that it is
/// the order of the characters that tells them apart.
/// </summary>
internal sealed class ArticleNumbers(int seed)
{
    private static readonly string[] Suppliers = ["Halden", "Marlow", "Tessin"];
    private readonly Random _random = new(seed);

    /// <summary>Returns so many numbers, of which a share was typed wrongly.</summary>
    public ArticleNumber[] Take(int count, double malformed = 0) =>
        [.. Enumerable.Range(0, count).Select(_ => Next(_random.NextDouble() < malformed))];

    private ArticleNumber Next(bool malformed)
    {
        string supplier = Suppliers[_random.Next(Suppliers.Length)];
        string number = supplier switch
        {
            "Halden" => $"{Letters(2)}-{Digits(4)}-{_random.Next(18, 27)}",                      // KB-4471-23: the year at the end
            "Marlow" => $"{Letters(1)}{_random.Next(18, 27)}-{Digits(3)}-{Letters(1)}{Digits(1)}",   // K23-447-B1: the year at the start
            _ => $"{Digits(2)}{Letters(1)}-{Digits(3)}-{Letters(2)}",                            // 44K-713-BD: no year
        };
        return new ArticleNumber { Text = malformed ? Mistype(number) : number, Supplier = supplier, Malformed = malformed ? 1 : 0 };
    }

    /// <summary>Does one of the things that happen in typing. Some leave a number that might be good, as two digits that change places: no
    /// one can find those.</summary>
    private string Mistype(string number)
    {
        int at = _random.Next(1, number.Length);
        return _random.Next(5) switch
        {
            0 => number.Remove(at, 1),
            1 => number.Insert(at, number[at].ToString()),
            2 => $"{number[..(at - 1)]}{number[at]}{number[at - 1]}{number[(at + 1)..]}",
            3 when number.Contains('0', StringComparison.Ordinal) => number.Replace('0', 'O'),
            3 => number.Replace('-', ' '),
            _ => number.Remove(at, 1).Insert(at, char.IsDigit(number[at]) ? Letters(1) : Digits(1)),
        };
    }

    private string Letters(int count) => new(_random.GetItems<char>("BDEHKLMRT", count));

    private string Digits(int count) => new(_random.GetItems<char>("0123456789", count));
}
