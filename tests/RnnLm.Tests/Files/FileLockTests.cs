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
    public async Task NoTwoRunsHaveItAtOnce()
    {
        int holders = 0, most = 0, taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            for (int time = 0; time < 2000; time++)
            {
                using FileLock? held = FileLock.TryTake(_folder["file"]);
                if (held is null)
                    continue;
                int now = Interlocked.Increment(ref holders);
                InterlockedMax(ref most, now);
                Interlocked.Increment(ref taken);
                Thread.SpinWait(100);
                Interlocked.Decrement(ref holders);
            }
        })));

        Assert.Equal(1, most);
        Assert.InRange(taken, 1, 16 * 2000);
        Assert.Empty(_folder.Names);

        static void InterlockedMax(ref int most, int value)
        {
            for (int seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    [Fact]
    public void AFolderThatIsNotThereIsNotTakenForAnotherRun()
    {
        string message = Assert.Throws<IOException>(() => FileLock.Take(Path.Combine(_folder["missing"], "file"))).Message;

        Assert.Contains($"the folder '{_folder["missing"]}' does not exist", message, StringComparison.Ordinal);
    }
}
