using System.Text.Json;
using RnnLm.Diagnostics;

namespace RnnLm.Tests.Diagnostics;

/// <summary>A text that is not JSON is told from one that is, as the parser tells them, and what is wrong is said in plain words.</summary>
public sealed class JsonSyntaxTests
{
    private const string Whole =
        """{"text":"a\u00e4\n\"\\","n":[1,-0.5,2e+3,0,{"x":null,"y":true}],"e":{},"l":[],"f":false,"s":"\ud83d\ude00 z"}""";

    [Theory]
    [InlineData("""{"a":1,}""", 7, "a comma stands before '}'. Take it out")]
    [InlineData("[1,2,]", 5, "a comma stands before ']'. Take it out")]
    [InlineData("""{"a":1,,"b":2}""", 8, "there is a comma too many. Take it out")]
    [InlineData("""{"a":1} // one""", 9, "a comment begins, and JSON has none. Take it out")]
    [InlineData("""{/* one */"a":1}""", 2, "a comment begins, and JSON has none. Take it out")]
    [InlineData("""{"a":"C:\dir"}""", 9, @"'\d' is not an escape. Write a backslash as \\")]
    [InlineData("""{"a":"\u12"}""", 7, @"'\u' stands without four hexadecimal digits after it. Write a backslash as \\")]
    [InlineData("""{"a":"\ud800"}""", 7, @"the escape '\ud800' is half of a surrogate pair without the other half")]
    [InlineData("""{"a":"\ude00\ud83d"}""", 7, @"the escape '\ude00' is half of a surrogate pair without the other half")]
    [InlineData("{\"a\":\"x\ty\"}", 8, @"a tab stands in a string as it is. Write it as \t")]
    [InlineData("{\"a\":\"x\u0001y\"}", 8, @"a control character stands in a string as it is. Write it as \u0001")]
    [InlineData("\uFEFF{}", 1, "there is a byte order mark, which may stand at the start of a file only. Take it out")]
    [InlineData("""{"a":NaN}""", 6, "'NaN' is not a number of JSON. Write null where there is no number")]
    [InlineData("""{"a":-Infinity}""", 6, "'-Infinity' is not a number of JSON. Write null where there is no number")]
    [InlineData("""{"a":01}""", 6, "'01' is not a number of JSON. Write a number such as -3, 0.5 or 1e-4; and a text in double quotes")]
    [InlineData("""{"a":+1}""", 6, "'+1' is not a number of JSON.")]
    [InlineData("""{"a":2026-11-26}""", 6, "'2026-11-26' is not a number of JSON.")]
    [InlineData("""{"a":True}""", 6, "'True' is not JSON. Write true")]
    [InlineData("""{"a":None}""", 6, "'None' is not JSON. Write null")]
    [InlineData("""{"a":}""", 6, "a value is missing")]
    [InlineData("""{"a":word}""", 6, "'word' is not a value. A value is a string in double quotes, a number")]
    [InlineData("{'a':1}", 2, "a name stands in single quotes. Use double quotes")]
    [InlineData("""{"a":'x'}""", 6, "a string stands in single quotes. Use double quotes")]
    [InlineData("{a:1}", 2, "a name stands without quotes. Write \"a\"")]
    [InlineData("{[1]:1}", 2, "there is no name. Write each member as a name in double quotes, a colon and a value")]
    [InlineData("""{"a" 1}""", 6, "a colon is missing after a name")]
    [InlineData("""{"a":1 "b":2}""", 8, "a comma is missing before the next member")]
    [InlineData("[1 2]", 4, "a comma is missing before the next item")]
    [InlineData("""{"a":[1}""", 8, "'}' closes what '[' has opened. Write ']'")]
    [InlineData("""{"a":[1""", 8, "the ']' is missing that closes a '['")]
    [InlineData("""{"a":1""", 7, "the '}' is missing that closes a '{'")]
    [InlineData("{", 2, "the '}' is missing that closes a '{'")]
    [InlineData("""{"a":"x}""", 9, "the double quote is missing that closes a string")]
    [InlineData("""{"a":1}{"a":2}""", 8, "another value begins after the end of the first. Put each in a line of its own")]
    [InlineData("""{"a":1},""", 8, "',' follows after the end of the value. Take it out")]
    [InlineData("", 1, "a value is missing")]
    public void AFaultIsSaidWithItsPlace(string json, int column, string problem)
    {
        JsonSyntaxFault fault = Assert.IsType<JsonSyntaxFault>(JsonSyntax.Find(json));
        Assert.Equal((1, column), (fault.Line, fault.Column));
        Assert.StartsWith(problem, fault.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("reader", fault.Problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void ThereAreAsManyLevelsAsTheParserReads()
    {
        foreach (int levels in (int[])[JsonSyntax.MostLevels, JsonSyntax.MostLevels + 1])
        {
            string json = new string('[', levels) + new string(']', levels);
            Assert.Equal(levels == JsonSyntax.MostLevels, Parses(json));
            Assert.Equal(levels == JsonSyntax.MostLevels, JsonSyntax.Find(json) is null);
        }

        Assert.Contains("more than 64 levels deep", JsonSyntax.Find(new string('[', 65))!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void LooseJsonMayHaveCommentsAndACommaAtTheEnd()
    {
        const string Loose = "{ // one\n \"a\": [1, 2, /* three, */], }\n// end";
        Assert.Null(JsonSyntax.Find(Loose, isLoose: true));
        JsonSyntaxFault fault = JsonSyntax.Find(Loose + "\nx", isLoose: true)!;
        Assert.Equal((4, 1), (fault.Line, fault.Column));
        Assert.NotNull(JsonSyntax.Find("[1,,]", isLoose: true));
        Assert.NotNull(JsonSyntax.Find("[,]", isLoose: true));
    }

    /// <summary>Many damaged texts, each judged by the parser too.</summary>
    [Fact]
    public void TheParserAgrees()
    {
        Assert.Null(JsonSyntax.Find(Whole));
        var random = new Random(1);
        const string Pieces = "{}[]:,\"\\ue0159-+.aftn /*\t\n\u0001\uFEFF";
        int good = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string json = Whole;
            for (int changes = random.Next(1, 3); changes > 0; changes--)
            {
                int at = random.Next(json.Length);
                string piece = Pieces[random.Next(Pieces.Length)].ToString();
                json = random.Next(3) switch { 0 => json.Remove(at, 1), 1 => json.Insert(at, piece),
                    _ => json[..at] + piece + json[(at + 1)..] };
            }

            bool parses = Parses(json), isGood = JsonSyntax.Find(json) is null;
            good += isGood ? 1 : 0;
            // The parser passes over half of a surrogate pair until the text is asked for.
            Assert.True(parses == isGood || (parses && JsonSyntax.Find(json)!.Problem.Contains("surrogate", StringComparison.Ordinal)),
                json);
        }

        Assert.InRange(good, 1000, 19_000);
    }

    private static bool Parses(string json)
    {
        try
        {
            JsonDocument.Parse(json).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
