using RnnLm.Files;

namespace RnnLm.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileIsKeptForOneRunByWhateverPath()
    {
        File.WriteAllText(_folder["file"], "");
        File.CreateSymbolicLink(_folder["link"], _folder["file"]);

        using (FileLock.Take(_folder["file"]))
        {
            foreach (string path in (string[])[_folder["file"], _folder["link"], Path.Combine(_folder.Path, ".", "file")])
                Assert.Contains("another run is about to write it", Assert.Throws<IOException>(() => FileLock.Take(path)).Message,
                    StringComparison.Ordinal);
        }

        FileLock.Take(_folder["link"]).Dispose();
        Assert.Equal(["file", "link"], _folder.Names);
    }

    [Fact]
    public void WhatAKilledRunLeftLocksNothing()
    {
        File.WriteAllText(_folder["file.rnnlm.lock"], "");

        FileLock.Take(_folder["file"]).Dispose();

        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void AFolderThatIsNotThereIsNotTakenForAnotherRun()
    {
        string message = Assert.Throws<IOException>(() => FileLock.Take(Path.Combine(_folder["missing"], "file"))).Message;

        Assert.Contains($"the folder '{_folder["missing"]}' does not exist", message, StringComparison.Ordinal);
    }
}
