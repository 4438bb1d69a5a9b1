using RnnLm.Tests;

namespace RnnLm.Packaging.Tests;

/// <summary>
/// The packages, made once. Their version is a new one each time, so that no stale one is taken in their place, and not that of the
/// sources.
/// </summary>
public sealed class Packages : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Checkout _checkout;

    public Packages()
    {
        _checkout = new Checkout(_folder["checkout"]);
        foreach (string project in (string[])["RnnLm", "RnnLm.Onnx", "RnnLm.Extensions.AI", "RnnLm.Cli"])
        {
            (int code, string output) = _checkout.Pack(project, Version, Feed);
            if (code != 0)
                throw new InvalidOperationException($"{project} can't be packed: {output}");
        }
    }

    /// <summary>Gets the version of the packages.</summary>
    public string Version { get; } = $"0.9.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}";

    /// <summary>Gets the folder that the packages are in.</summary>
    public string Feed => _folder["feed"];

    /// <summary>Gets the folder of the sources that they are made of.</summary>
    public string Sources => _checkout.Folder;

    /// <summary>Gets the path of a package.</summary>
    public string this[string id] => Path.Combine(Feed, $"{id}.{Version}.nupkg");

    /// <summary>Makes the packages for ML.NET too; skips the test where what they need can't be restored.</summary>
    public void RequireMLNet()
    {
        foreach (string project in (string[])["RnnLm.TorchSharp", "RnnLm.MLNet"])
        {
            (int code, string output) = _checkout.Pack(project, Version, Feed);
            Skip.If(output.Contains("error NU1", StringComparison.Ordinal), $"NuGet can't restore here what {project} needs.");
            Assert.True(code == 0, output);
        }
    }

    /// <summary>Packs a project once more, from sources in another place.</summary>
    public void PackElsewhere(string project, string feed)
    {
        using var elsewhere = new TempFolder();
        (int code, string output) = new Checkout(elsewhere["a folder of another name"]).Pack(project, Version, feed);
        Assert.True(code == 0, output);
    }

    public void Dispose() => _folder.Dispose();
}
