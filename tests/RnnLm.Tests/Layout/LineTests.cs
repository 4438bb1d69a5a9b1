namespace RnnLm.Tests.Layout;

public class LineTests
{
    private const int Longest = 140;

    [Fact]
    public void Lines_of_code_have_at_most_140_characters()
    {
        string[] sources = [.. ((string[])["src", "tests", "examples", "benchmarks", "eng"])
            .SelectMany(folder => Directory.EnumerateFiles(TestData.InRepository(folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !IsBuilt(path) && !IsWritten(path)), TestData.InRepository("make.cs")];

        Assert.True(sources.Length > 400, $"only {sources.Length} files were found");
        Assert.Empty(sources.SelectMany(path => File.ReadLines(path).Select((line, index) => (line, where: $"{path}:{index + 1}")))
            .Where(at => at.line.Length > Longest && !IsReference(at.line)).Select(at => at.where));
    }

    private static bool IsBuilt(string path) =>
        path.Split(Path.DirectorySeparatorChar) is var parts
        && (parts.Contains("bin", StringComparer.Ordinal) || parts.Contains("obj", StringComparer.Ordinal));

    private static bool IsWritten(string path) =>
        File.ReadLines(path).FirstOrDefault()?.StartsWith("// Written by 'rnnlm codegen'", StringComparison.Ordinal) == true;

    // The name of a member with its parameters, in a comment, is one word to the compiler.
    private static bool IsReference(string line) =>
        line.TrimStart().StartsWith("/// <", StringComparison.Ordinal) && line.Contains("cref=\"", StringComparison.Ordinal);
}
