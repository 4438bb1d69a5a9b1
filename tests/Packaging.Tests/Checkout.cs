using RnnLm.Tests;

namespace RnnLm.Packaging.Tests;

/// <summary>The sources in another place, where they are built without touching what was built in the checkout.</summary>
internal sealed class Checkout
{
    private static readonly string[] Parts =
        ["src", "eng", "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "global.json", "LICENSE"];

    private readonly Dotnet _dotnet;

    /// <param name="folder">Where the copy is made.</param>
    public Checkout(string folder)
    {
        Folder = folder;
        foreach (string part in Parts)
            Copy(TestData.InRepository(part), Path.Combine(folder, part));
        // What is built here needs the packages that the checkout needs, which are in the user's folder already.
        _dotnet = new Dotnet(folder, UserPackages);
    }

    /// <summary>Gets the folder in which NuGet keeps the user's packages.</summary>
    public static string UserPackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string Folder { get; }

    /// <summary>Packs a project.</summary>
    /// <returns>The exit code, and what was printed.</returns>
    public (int Code, string Output) Pack(string project, string version, string output) =>
        _dotnet.Try(
            "dotnet", "pack", Path.Combine("src", project), "-c", "Release", "-o", output, "-nologo", "-v", "q", $"-p:Version={version}");

    /// <summary>Asks for properties or items of a project.</summary>
    /// <returns>What was printed.</returns>
    public string Evaluate(string project, params string[] options) =>
        _dotnet.Run(["msbuild", Path.Combine("src", project), "-nologo", .. options]);

    /// <summary>Publishes a project.</summary>
    /// <returns>The exit code, and what was printed.</returns>
    public (int Code, string Output) Publish(string project, string output, params string[] options) =>
        _dotnet.Try("dotnet", ["publish", Path.Combine("src", project), "-c", "Release", "-o", output, "-nologo", "-v", "q", .. options]);

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (string entry in Directory.EnumerateFileSystemEntries(from).Where(path => Path.GetFileName(path) is not ("bin" or "obj")))
            Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
    }
}
