namespace RnnLm.Tests.Documentation;

/// <summary>Code that readers copy must compile: each block of C# in README, docs and the packages' README stands, line for line, in a file
/// of the examples.</summary>
public class CodeBlockTests
{
    public static TheoryData<string> Pages => [.. Directory.GetFiles(TestData.InRepository("docs"), "*.md")
        .Append(TestData.InRepository("README.md")).Append(TestData.InRepository("src", "PACKAGE.md"))
        .Where(page => Blocks(page).Any()).Select(page => Path.GetRelativePath(TestData.Root, page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void CodeStandsInAnExampleLineForLine(string page)
    {
        string[][] sources = [.. Directory.GetFiles(TestData.InRepository("examples"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Select(Lines)];

        Assert.All(Blocks(TestData.InRepository(page)), block =>
            Assert.True(sources.Any(source => Contains(source, block)),
            $"no example has these lines:{Environment.NewLine}{string.Join(Environment.NewLine, block)}"));
    }

    private static bool Contains(string[] source, string[] block) =>
        Enumerable.Range(0, Math.Max(0, source.Length - block.Length + 1))
        .Any(start => block.SequenceEqual(source.Skip(start).Take(block.Length)));

    private static string[] Lines(string file) => [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static IEnumerable<string[]> Blocks(string page)
    {
        List<string>? block = null;
        foreach (string line in Lines(page))
        {
            if (block is null)
                block = line == "```csharp" ? [] : null;
            else if (line == "```")
            {
                yield return [.. block];
                block = null;
            }
            else
                block.Add(line);
        }
    }
}
