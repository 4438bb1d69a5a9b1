using RnnLm.Cli.CodeGeneration;

namespace RnnLm.Cli.Tests.CodeGeneration;

public class CodeTemplateTests
{
    private static readonly Dictionary<string, string?> Values = new(StringComparer.Ordinal)
    {
        ["Name"] = "Orders",
        ["Lines"] = "one\ntwo\nthree",
        ["Yes"] = "",
        ["No"] = null,
        ["Gap"] = "{{Name}}\n#if Name",
    };

    [Fact]
    public void AGapBecomesItsValue() =>
        Assert.Equal("class Orders : Orders { get; {Name} { {Name} } }\n", Fill("class {{Name}} : {{Name}} { get; {Name} { {Name} } }"));

    [Fact]
    public void AValueOfSeveralLinesIsIndentedAsItsLine() =>
        Assert.Equal("{\n    one\n    two\n    three\n}\n  a = one\n  two\n  three;\n", Fill("{\n    {{Lines}}\n}\n  a = {{Lines}};"));

    [Fact]
    public void AValueIsNoTemplate() => Assert.Equal("{{Name}}\n#if Name\n", Fill("{{Gap}}"));

    [Theory]
    [InlineData("#if Yes\na\n#endif", "a\n")]
    [InlineData("#if No\na\n#endif", "")]
    [InlineData("#if Yes\na\n#else\nb\n#endif", "a\n")]
    [InlineData("#if No\na\n#else\nb\n#endif", "b\n")]
    [InlineData("#if Yes\na\n#elif Yes\nb\n#else\nc\n#endif", "a\n")]
    [InlineData("#if No\na\n#elif Yes\nb\n#elif Yes\nc\n#else\nd\n#endif", "b\n")]
    [InlineData("#if No\na\n#elif No\nb\n#else\nc\n#endif", "c\n")]
    [InlineData("0\n  #if Yes\n#if No\na\n#else\n b\n#endif\nc\n  #endif\n1", "0\n b\nc\n1\n")]
    [InlineData("#if No\n#if Yes\na\n#else\nb\n#endif\n#elif Yes\n#if Yes\nc\n#endif\n#endif", "c\n")]
    [InlineData("#if No\n{{No}}\n#endif", "")]
    [InlineData("#nullable enable\n// #if Yes", "#nullable enable\n// #if Yes\n")]
    [InlineData("a\r\n#if Yes\r\n\r\nb\r\n#endif\r\n", "a\n\nb\n")]
    public void LinesAreKeptWhereTheirValueIsThere(string template, string expected) => Assert.Equal(expected, Fill(template));

    [Theory]
    [InlineData("a\n{{Nmae}}", "Template t, line 2: the name 'Nmae' is not known.")]
    [InlineData("#if No\n{{Nmae}}\n#endif", "Template t, line 2: the name 'Nmae' is not known.")]
    [InlineData("#if Nmae\n#endif", "Template t, line 1: the name 'Nmae' is not known.")]
    [InlineData("#if Yes\n#elif Nmae\n#endif", "Template t, line 2: the name 'Nmae' is not known.")]
    [InlineData("{{No}}", "Template t, line 1: {{No}} has no value.")]
    [InlineData("#if Yes\na", "Template t, line 2: an #if has no #endif.")]
    [InlineData("a\n#endif", "Template t, line 2: there is no #if before this.")]
    [InlineData("#else\n#endif", "Template t, line 1: there is no #if before this.")]
    public void AFaultIsToldWithItsLine(string template, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Fill(template)).Message);

    private static string Fill(string template) => new CodeTemplate("t", template).Fill(Values);
}
