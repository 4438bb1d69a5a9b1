namespace RnnLm.Tests;

/// <summary>
/// Finds the corpora that the tests use and the repository does not hold: in the folder that the environment variable RNNLM_DATA names,
/// else in <c>../shared/data</c> beside the checkout. A test that needs one is a <c>[SkippableFact]</c>, and is skipped where the corpus is
/// not there.
/// </summary>
internal static class TestData
{
    public const string Variable = "RNNLM_DATA";

    /// <summary>Gets the root of the checkout, the folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Gets the folder of the corpora, whether it is there or not.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Path.GetFullPath(Path.Combine(Root, "..", "shared", "data"));

    /// <summary>Returns the path of a file of the repository.</summary>
    public static string InRepository(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Returns the path of a corpus; skips the test where it is not there.</summary>
    public static string Require(params ReadOnlySpan<string> parts)
    {
        string path = Path.Combine([Folder, .. parts]);
        Skip.IfNot(File.Exists(path) || Directory.Exists(path),
            $"{path} is not there. Set {Variable} to the folder that holds {Path.GetFileName(path)}.");
        return path;
    }

    /// <summary>Returns the text of a corpus; skips the test where it is not there.</summary>
    public static string ReadText(params ReadOnlySpan<string> parts) => File.ReadAllText(Require(parts));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RnnLm.MLNet.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"The tests run outside the checkout: no folder above {AppContext.BaseDirectory} holds "
            + "RnnLm.MLNet.sln.");
    }
}
