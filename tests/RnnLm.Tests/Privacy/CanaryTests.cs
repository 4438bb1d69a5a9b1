using System.Text;
using RnnLm.Privacy;

namespace RnnLm.Tests.Privacy;

public sealed class CanaryTests
{
    [Theory]
    [InlineData("id [0-9]{6}", 1e6, "id 000000", "id 999999")]
    [InlineData(@"\[[a-c-]\]", 4, "[-]", "[c]")]
    [InlineData("[😀-😂]{2}x", 9, "😀😂x", "😂😂x")]
    [InlineData(@"a\t[xy][0-1]", 4, "a\tx0", "a\ty1")]
    [InlineData(@"\.\*\+\?\(\|\)\^\$\{\\[.*+?()|$]", 8, @".*+?(|)^${\$", @".*+?(|)^${\|")]
    public void AFormatIsReadAsARegularExpression(string text, double combinations, string first, string last)
    {
        var format = CanaryFormat.Parse(text);

        Assert.Equal(combinations, format.Combinations);
        Assert.Equal(Math.Log2(combinations), format.Bits, 9);
        Assert.True(format.Matches(first) && format.Matches(last));
        Assert.False(format.Matches(first + "x") || format.Matches("") || format.Matches("Z" + first[1..]));
        if (combinations > 100)
            return;
        string[] all = [.. format.All()];
        Assert.Equal(combinations, all.Distinct().Count());
        Assert.All(all, one => Assert.True(format.Matches(one)));
    }

    [Theory]
    [InlineData("plain", "has no random part")]
    [InlineData("", "has no random part")]
    [InlineData("[5]", "has no random part")]
    [InlineData("[0-9", "the bracket is not closed")]
    [InlineData("[]", "no character in the brackets")]
    [InlineData("[9-0]", "the range 9-0 runs backwards")]
    [InlineData("x{3}", "a number in braces follows a class in brackets")]
    [InlineData("[0-9]{0}", "a number from 1 to 1,000")]
    [InlineData("[0-9]{3", "a closing brace")]
    [InlineData("[0-9]{999}[0-9]{2}", "at most 1,000 characters")]
    [InlineData(@"[0-9]\", "nothing follows the backslash")]
    [InlineData(@"[0-9]\n", "no line ends")]
    [InlineData(@"id \d{6}[0-9]", @"at character 4, '\d' is not known. A format has text, classes such as [0-9]")]
    [InlineData(@"[\d]", @"'\d' is not known")]
    [InlineData("x.[0-9]", @"at character 2, '.' stands alone. A format has text, classes such as [0-9], classes with a number such as "
        + @"[0-9]{6}, and \t for a tab; for the character itself, write '\.'")]
    [InlineData("(ab|cd)[0-9]", @"write '\('")]
    [InlineData("ab|[0-9]", @"write '\|'")]
    [InlineData("[0-9]+", @"write '\+'")]
    [InlineData("[0-9]*", @"write '\*'")]
    [InlineData("[0-9]?", @"write '\?'")]
    [InlineData("^[0-9]", @"write '\^'")]
    [InlineData("[0-9]$", @"write '\$'")]
    [InlineData("[^0-9]", "a class can't name the characters that it does not have")]
    [InlineData("[0-9]{2,4}", "a number from 1 to 1,000")]
    public void AFormatThatIsNoneSaysWhy(string format, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => CanaryFormat.Parse(format)).Message, StringComparison.Ordinal);

    [Fact]
    public void CanariesAreDifferentAndTheSameForASeed()
    {
        CanarySet first = CanarySet.Draw("[0-9]{2}", 15, [0, 1, 5], 4), again = CanarySet.Draw("[0-9]{2}", 15, [0, 1, 5], 4);

        Assert.Equal(45, first.Canaries.Select(canary => canary.Text).Distinct().Count());
        Assert.Equal(first.Canaries, again.Canaries);
        Assert.NotEqual(first.Canaries, CanarySet.Draw("[0-9]{2}", 15, [0, 1, 5], 5).Canaries);
        Assert.Equal(90, first.PlantedRows);
        Assert.Contains("too few for 51", Assert.Throws<FormatException>(() => CanarySet.Draw("[0-9]{2}", 17, [0, 1, 5], 4)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CanarySet.Draw("[0-9]{2}", 1, [], 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => CanarySet.Draw("[0-9]{2}", 0, [1], 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => CanarySet.Draw("[0-9]{2}", 1, [-1], 4));
    }

    [Fact]
    public void PlantedRowsAreTheOldOnesInOrderWithEachCanaryAsOftenAsItSays()
    {
        CanarySet canaries = CanarySet.Draw("<[0-9]{4}>", 5, [0, 1, 7], 2);
        string[] rows = [.. Enumerable.Range(0, 300).Select(i => $"row {i}")];
        string[] planted = [.. canaries.Plant(rows.Select(TextRow.Row)).Select(row => row.Text.ToString())];

        Assert.Equal(rows, planted.Where(row => row[0] != '<'));
        Assert.All(canaries.Canaries, canary => Assert.Equal(canary.Repeats, planted.Count(row => row == canary.Text)));
        // They are spread over the whole.
        int[] places = [.. planted.Select((row, place) => (row, place)).Where(row => row.row[0] == '<').Select(row => row.place)];
        Assert.InRange(places.Average(), 120, 220);
        Assert.True(places[0] < 60 && places[^1] > 280);
        Assert.Equal(40, canaries.Plant([]).Count());
    }

    [Fact]
    public void CanariesHaveConditionsAndArePairsWhereRowsAre()
    {
        CanarySet conditions = CanarySet.Draw("[0-9]{5}", 40, [2], 1, ["it", "de"]);
        TextRow[] planted = [.. conditions.Plant([TextRow.Row("Anna", "it")]).Where(row => row.Text.Span[0] != 'A')];
        Assert.All(conditions.Canaries, canary => Assert.Equal(2, planted.Count(row => row == TextRow.Row(canary.Text, canary.Condition))));
        Assert.Equal(["de", "it"], conditions.Canaries.Select(canary => canary.Condition).Distinct().Order());

        CanarySet pairs = CanarySet.Draw(@"code\t[0-9]{5}", 1, [1], 1);
        TextRow pair = pairs.Plant([TextRow.Pair("a", "b")]).Single(row => row.Text.ToString() == "code");
        Assert.True(pair.IsPair && pair.Target.Length == 5);
        Assert.Contains("give its format an input, a tab and a target", Assert.Throws<FormatException>(() =>
            CanarySet.Draw("[0-9]{5}", 1, [1], 1).Plant([TextRow.Pair("a", "b")]).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfCanariesIsReadAsItWasWritten()
    {
        using var folder = new TempFolder();
        CanarySet canaries = CanarySet.Draw(@"</script> 😀\t[a-f]{4}", 3, [0, 2], 9, ["x"]);
        canaries.Save(folder["canaries.json"]);
        var read = CanarySet.Load(folder["canaries.json"]);

        Assert.Equal((canaries.Format.Text, 9), (read.Format.Text, read.Seed));
        Assert.Equal(canaries.Canaries, read.Canaries);
        // A shell may have put a byte order mark before it.
        File.WriteAllText(folder["marked.json"], File.ReadAllText(folder["canaries.json"]), Encoding.Unicode);
        Assert.Equal(canaries.Canaries, CanarySet.Load(folder["marked.json"]).Canaries);
        string good = File.ReadAllText(folder["canaries.json"]);
        foreach (string bad in (string[])["", "[]", "{}", good.Replace("\"repeats\"", "\"times\"", StringComparison.Ordinal),
            good.Replace("[a-f]", "[g-h]", StringComparison.Ordinal),
                good.Replace("\"repeats\": 2", "\"repeats\": -2", StringComparison.Ordinal)])
            Assert.Contains("this is not a file of canaries", Fault(bad), StringComparison.Ordinal);
        foreach ((string bad, string fault) in new[]
        {
            ("[]", "it is not an object"), ("{}", "it has no \"format\""), ("{\"format\": 5}", "the \"format\" that it has is not a text"),
            (good.Replace("\"seed\"", "\"sed\"", StringComparison.Ordinal), "it has no \"seed\""),
            (good.Replace("\"canaries\"", "\"birds\"", StringComparison.Ordinal), "it has no \"canaries\""),
            ("{\"format\": \"[0-9]\", \"canaries\": {}}", "the \"canaries\" that it has is not a list"),
            ("{\"format\": \"[0-9]\", \"canaries\": [7]}", "canary 1 is not an object"),
            (good.Replace("\"repeats\"", "\"times\"", StringComparison.Ordinal), "canary 1 has no \"repeats\""),
            (good.Replace("\"x\"", "5", StringComparison.Ordinal), "the \"condition\" that canary 1 has is not a text"),
            (good.Replace("\"repeats\": 0", "\"repeats\": 0.5", StringComparison.Ordinal),
                "the \"repeats\" that canary 1 has is not a whole number, or too large"),
        })
        {
            Assert.Contains($"bad.json: this is not a file of canaries: {fault}. Give the file that planting them wrote.", Fault(bad),
                StringComparison.Ordinal);
        }

        string Fault(string bad)
        {
            File.WriteAllText(folder["bad.json"], bad);
            return Assert.Throws<TextDataException>(() => CanarySet.Load(folder["bad.json"])).Message;
        }
    }
}
