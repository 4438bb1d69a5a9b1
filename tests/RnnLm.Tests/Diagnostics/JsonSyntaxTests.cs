using System.Text.Json;
using RnnLm.Diagnostics;

namespace RnnLm.Tests.Diagnostics;

/// <summary>What keeps a text from being JSON is said in plain words, with its place.</summary>
public sealed class JsonSyntaxTests
{
    private const string Rules = @"JSON has names and strings in double quotes, with \\ for a backslash and \t for a tab;",
        Ends = "it ends before a string, a list or an object is closed";

    [Theory]
    [InlineData("""{"a":1,}""", 8, "{\"a\":1,}", Rules)]
    [InlineData("""{"a":1} // one""", 9, "{\"a\":1} // one", Rules)]
    [InlineData("""{"a":"C:\dir"}""", 10, """{"a":"C:\dir"}""", Rules)]
    [InlineData("""{"a":"\u12"}""", 11, """{"a":"\u12"}""", Rules)]
    [InlineData("""{"a":"\ud800"}""", 6, """{"a":"\ud800"}""", "an escape \\u in this string is half of a surrogate pair")]
    [InlineData("""{"a\ude00\ud83d":1}""", 2, """{"a\ude00\u""", "an escape \\u in this string is half of a surrogate pair")]
    [InlineData("{\"a\":\"x\ty\"}", 8, "{\"a\":\"x\ty\"}", Rules)]
    [InlineData("\uFEFF{}", 1, "\uFEFF{}", "a byte order mark may stand at the start of a file alone. Take it out")]
    [InlineData("""{"a":NaN}""", 6, """{"a":NaN}""", Rules)]
    [InlineData("""{"a":2026-11-26}""", 10, """{"a":2026-11-26}""", Rules)]
    [InlineData("""{"a":True}""", 6, """{"a":True}""", Rules)]
    [InlineData("{'a':1}", 2, "{'a':1}", Rules)]
    [InlineData("""{"a":1 "b":2}""", 8, """{"a":1 "b":2}""", Rules)]
    [InlineData("""{"a":[1}""", 8, """{"a":[1}""", Rules)]
    [InlineData("""{"a":[1""", 8, """{"a":[1""", Ends)]
    [InlineData("""{"a":"x}""", 9, """{"a":"x}""", Ends)]
    [InlineData("""{"name":"Dvořák, Antonín"}{"a":2}""", 27, """ Antonín"}{"a":2}""", Rules)]
    [InlineData("{\"a\":\"😀\",\"b\":x}", 14, ":\"😀\",\"b\":x}", Rules)]
    [InlineData("", 1, "", Ends)]
    public void AFaultIsSaidWithItsPlace(string json, int column, string near, string rule)
    {
        JsonSyntaxFault fault = Assert.IsType<JsonSyntaxFault>(JsonSyntax.Find(json));
        Assert.Equal((1, column, near), (fault.Line, fault.Column, fault.Near));
        Assert.StartsWith(rule, fault.Rule, StringComparison.Ordinal);
        Assert.StartsWith($"at character {column}, near '{near}': {rule}", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheLineIsSaidTooAndCharactersAreCountedAsSuch()
    {
        JsonSyntaxFault fault = JsonSyntax.Find("{\"Dvořák\": 1,\r\n \"á\": nul}\n")!;

        Assert.Equal((2, " \"á\": nul}"), (fault.Line, fault.Near.TrimEnd()));
        // The first character that is not as it should be: that after the word that lacks a letter.
        Assert.Equal(" \"á\": nul".Length + 1, fault.Column);
    }

    [Fact]
    public void ThereAreAsManyLevelsAsTheParserReads()
    {
        Assert.Null(JsonSyntax.Find(new string('[', 64) + new string(']', 64)));
        JsonSyntaxFault fault = JsonSyntax.Find("{\"a\":" + new string('[', 64) + new string(']', 64) + "}")!;

        Assert.Equal(69, fault.Column);
        Assert.Equal("lists and objects are more than 64 levels deep. Write the data with fewer levels", fault.Rule);
        using JsonDocument document = JsonDocument.Parse(new string('[', 64) + new string(']', 64));
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(new string('[', 65) + new string(']', 65)));
    }

    [Fact]
    public void LooseJsonMayHaveCommentsAndACommaAtTheEnd()
    {
        const string Loose = "{ // one\n \"a\": [1, 2, /* three, */], }\n// end";

        Assert.Null(JsonSyntax.Find(Loose, isLoose: true));
        Assert.Equal(1, JsonSyntax.Find(Loose)!.Line);
        JsonSyntaxFault fault = JsonSyntax.Find(Loose + "\nx", isLoose: true)!;
        Assert.Equal((4, 1), (fault.Line, fault.Column));
    }
}
