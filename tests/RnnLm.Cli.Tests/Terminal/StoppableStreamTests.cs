using System.Diagnostics;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Terminal;

public sealed class StoppableStreamTests(ReportModels models) : IClassFixture<ReportModels>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsReadIsWhatThereIs()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
        using var stream = new StoppableStream(new MemoryStream(bytes), CancellationToken.None);
        var read = new MemoryStream();
        stream.CopyTo(read, 1000);
        Assert.Equal(bytes, read.ToArray());
    }

    [Fact]
    public void AFaultOfTheOtherStreamComesThrough()
    {
        var closed = new MemoryStream([1]);
        closed.Dispose();
        using var stream = new StoppableStream(closed, CancellationToken.None);
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
    }

    /// <summary>Nobody ever writes to the pipe, so that only the wish to stop can end the command.</summary>
    [SkippableTheory]
    [InlineData("score SONG PIPE")]
    [InlineData("score SONG FOLDER")]
    [InlineData("evaluate SONG PIPE")]
    [InlineData("train PIPE --steps 1 -o m.zip")]
    public async Task ACommandThatWaitsForAPipeStopsWhenAsked(string line)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no pipes in folders.");
        string folder = Directory.CreateDirectory(_folder["in"]).FullName, pipe = Path.Combine(folder, "rows.txt");
        using (var make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        string[] arguments = [.. line.Split(' ').Select(word => word switch
        {
            "SONG" => models.Song, "PIPE" => pipe, "FOLDER" => folder, "m.zip" => _folder["m.zip"], _ => word,
        })];
        using var stop = new CancellationTokenSource();
        Task<CliRun> run = Task.Run(() => CliRun.With("", stop.Token, arguments));
        await Task.Delay(300);
        Assert.False(run.IsCompleted);

        await stop.CancelAsync();

        Assert.Equal(130, (await run).Code);
        Assert.Equal(["in"], _folder.Names);
    }
}
