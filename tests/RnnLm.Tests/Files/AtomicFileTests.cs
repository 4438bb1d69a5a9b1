using System.Diagnostics;
using System.Text;
using RnnLm.Files;
using RnnLm.Tests.DataSets;

namespace RnnLm.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileIsReplacedAndNothingIsLeftBesideIt()
    {
        Write("a long first text");
        Write("second");

        Assert.Equal("second", File.ReadAllText(_folder["file"]));
        Assert.Equal(["file"], _folder.Names);
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAlone()
    {
        Write("first");

        Assert.Throws<FormatException>(() => AtomicFile.Write(_folder["file"], stream =>
        {
            stream.WriteByte(1);
            throw new FormatException();
        }));
        var e = Assert.Throws<IOException>(() => AtomicFile.Write(_folder["file"], _ => throw new IOException("No space left on device.")));

        Assert.Equal($"'{_folder["file"]}' can't be written: No space left on device.", e.Message);
        Assert.Equal("first", File.ReadAllText(_folder["file"]));
        Assert.Equal(["file"], _folder.Names);
    }

    [Fact]
    public void WhatAKilledWriterLeftIsOverwritten()
    {
        File.WriteAllText(_folder["file.rnnlm.tmp"], "half of a long text that was never finished");

        Write("whole");

        Assert.Equal("whole", File.ReadAllText(_folder["file"]));
        Assert.Equal(["file"], _folder.Names);
    }

    [Fact]
    public void TwoWritersAtOnceAreKeptApart()
    {
        AtomicFile.Write(_folder["file"], stream =>
        {
            var e = Assert.Throws<IOException>(() => Write("intruder"));
            Assert.Equal($"'{_folder["file"]}' can't be written: another save of this file is at work; wait for it to end, or name "
                + "another file.", e.Message);
            stream.Write("owner"u8);
        });

        Assert.Equal("owner", File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public async Task OfManyWritersAtOnceEachWritesOrIsTold()
    {
        // So many that some meet between a file's being made, locked, moved and deleted. Long, so that two in one file would show.
        const int Writers = 16, Times = 1000;
        string[] texts = [.. Enumerable.Range(0, Writers).Select(writer => string.Concat(Enumerable.Repeat($"writer {writer}\n", 500)))];
        int written = 0;
        await Task.WhenAll(texts.Select(text => Task.Run(() =>
        {
            for (int time = 0; time < Times; time++)
            {
                try
                {
                    if (time % 8 != 0)
                        AtomicFile.CheckWritable(_folder["file"]);
                    else
                        Write(text);
                    Interlocked.Increment(ref written);
                }
                catch (IOException e)
                {
                    Assert.Contains("another save of this file is at work", e.Message, StringComparison.Ordinal);
                }
            }
        })));

        Assert.InRange(written, 1, Writers * Times);
        Assert.Contains(File.ReadAllText(_folder["file"]), texts);
        Assert.Equal(["file"], _folder.Names);
    }

    [SkippableFact]
    public async Task AReaderFindsItWholeAndFreeAtAnyMoment()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows replaces no file that is open.");
        Write("0");
        using var written = new CancellationTokenSource();
        Task<int> reader = Task.Run(() =>
        {
            int seen = 0;
            for (; !written.IsCancellationRequested; seen++)
            {
                using FileStream file = File.OpenRead(_folder["file"]);
                Assert.NotEqual(0, file.Length);
            }

            return seen;
        });
        for (int time = 1; time <= 300; time++)
            Write($"{time}");
        await written.CancelAsync();

        Assert.NotEqual(0, await reader);
    }

    [SkippableFact]
    public void NoWriterReplacesAPipe()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no pipes in folders.");
        using (var make = Process.Start("mkfifo", [_folder["pipe"]]))
            make.WaitForExit();
        File.CreateSymbolicLink(_folder["link"], _folder["pipe"]);
        AnomalyDetector detector = SmallModels.Articles.Calibrate(Enumerable.Repeat(TextRow.Row("AX-1234-B"), 100));
        foreach (string path in (string[])[_folder["pipe"], _folder["link"]])
        {
            foreach (Action save in (Action[])[() => detector.Save(path), () => SmallModels.Articles.Save(path),
                () => PyTorchFile.Save(SmallModels.Articles, path), () => AtomicFile.CheckWritable(path)])
            {
                Assert.Equal($"'{path}' can't be written: it is a device or a pipe, in whose place a file would be put; name a file.",
                    Assert.Throws<IOException>(save).Message);
            }
        }

        Assert.True(FileIdentity.Of(_folder["pipe"]) is { IsDevice: true });
        Assert.Equal(["link", "pipe"], _folder.Names);
    }

    [Fact]
    public void APathThatCannotBeWrittenIsNamedWithTheReason()
    {
        Directory.CreateDirectory(_folder["folder"]);
        Write("a file");

        AssertRefused(_folder["folder"], "directory");
        AssertRefused(Path.Combine(_folder["missing"], "model.zip"), $"the folder '{_folder["missing"]}' does not exist");
        AssertRefused(Path.Combine(_folder["file"], "model.zip"), "");
        Assert.Equal(["file", "folder"], _folder.Names);
    }

    [Fact]
    public void WhetherAFileCanBeWrittenIsFoundOutWithoutTouchingIt()
    {
        Write("first");
        AtomicFile.CheckWritable(_folder["file"]);
        AtomicFile.CheckWritable(_folder["new"]);

        var e = Assert.Throws<IOException>(() => AtomicFile.CheckWritable(Path.Combine(_folder["missing"], "file")));
        Assert.Contains($"the folder '{_folder["missing"]}' does not exist", e.Message, StringComparison.Ordinal);
        Assert.Equal("first", File.ReadAllText(_folder["file"]));
        Assert.Equal(["file"], _folder.Names);
    }

    [SkippableFact]
    public void ASymbolicLinkIsFollowed()
    {
        Skip.If(OperatingSystem.IsWindows(), "Making symbolic links needs a privilege on Windows.");
        Write("first");
        File.CreateSymbolicLink(_folder["link"], _folder["file"]);

        AtomicFile.Write(_folder["link"], stream => stream.Write("second"u8));

        Assert.Equal("second", File.ReadAllText(_folder["file"]));
        Assert.NotNull(new FileInfo(_folder["link"]).LinkTarget);
    }

    [Fact]
    public void AWatcherOfTheFileHearsOfItAndFindsItWhole()
    {
        Write("first");
        // As ML.NET's PredictionEnginePool watches: one file, the filters' defaults, Changed alone.
        using var watcher = new FileSystemWatcher(_folder.Path, "file");
        using var heard = new ManualResetEventSlim();
        var seen = new List<string>();
        watcher.Changed += (_, e) =>
        {
            lock (seen)
                seen.Add(File.ReadAllText(e.FullPath));
            heard.Set();
        };
        watcher.EnableRaisingEvents = true;

        Write("second");

        Assert.True(heard.Wait(TimeSpan.FromSeconds(30)));
        lock (seen)
            Assert.All(seen, text => Assert.Equal("second", text));
    }

    private void Write(string text) => AtomicFile.Write(_folder["file"], stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static void AssertRefused(string path, string reason)
    {
        var e = Assert.Throws<IOException>(() => AtomicFile.Write(path, stream => stream.WriteByte(1)));
        Assert.StartsWith($"'{path}' can't be written: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }
}
