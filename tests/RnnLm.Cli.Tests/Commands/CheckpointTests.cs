using System.Diagnostics;
using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>What is left of a training whose process or disk gives out.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CheckpointTests() =>
        File.WriteAllText(_folder["song.txt"], string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.\n", 40)));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ARunKilledAtAnyMomentResumesToTheSameBits()
    {
        const int Kills = 6;
        string[] Arguments(string name) => Train(name, 600, "--checkpoint-every", "1", "--dropout", "0.1", "--layers", "2");
        CliRun.Ok(Arguments("whole"));

        var moment = new Random(1);
        int begun = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            DateTime before = File.GetLastWriteTimeUtc(_folder["killed.checkpoint"]);
            using Process process = Start("dotnet", [typeof(CommandLine).Assembly.Location, .. Arguments("killed")]);
            while (!process.HasExited && File.GetLastWriteTimeUtc(_folder["killed.checkpoint"]) == before)
                Thread.Sleep(1);
            Thread.Sleep(moment.Next(40));
            process.Kill();
            process.WaitForExit();
            begun += process.ExitCode == 0 ? 0 : 1;
        }

        CliRun last = CliRun.Ok(Arguments("killed"));

        Assert.True(begun > 0, "no run was killed before its end");
        Assert.Contains("Going on from step", last.Output, StringComparison.Ordinal);
        using RnnLanguageModel whole = RnnLanguageModel.Load(_folder["whole.zip"]), killed = RnnLanguageModel.Load(_folder["killed.zip"]);
        Assert.Equal(600, killed.Training!.Steps);
        Assert.Equal(whole.Training!.ValidationLoss, killed.Training.ValidationLoss);
        Assert.All(whole.Saved.Weights, tensor => Assert.Equal(tensor.Values, killed.Saved.Weights[tensor.Name].Values));
        Assert.Equal(["killed.checkpoint", "killed.zip", "song.txt", "whole.checkpoint", "whole.zip"], _folder.Names);
    }

    [SkippableFact]
    public void AFullDiskKeepsTheCheckpointBeforeAndTrainingGoesOn()
    {
        const string Script = """
            set -e
            mount -t tmpfs -o size=$ROOM tmpfs "$DISK"
            cp "$CHECKPOINT" "$DISK/song.checkpoint"
            dotnet "$@"
            cp "$DISK/song.checkpoint" "$CHECKPOINT"
            ls "$DISK"
            """;
        Directory.CreateDirectory(_folder["disk"]);
        Skip.IfNot(OperatingSystem.IsLinux() && Run("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", _folder["disk"]]).Code == 0,
            "A small disk can't be made here: that takes Linux, and the right to mount in a namespace of one's own.");
        CliRun.Ok(Train("song", 40));
        byte[] checkpoint = File.ReadAllBytes(_folder["song.checkpoint"]);

        // A disk with room for this checkpoint, but not for the next one beside it.
        string onDisk = Path.Combine(_folder["disk"], "song.checkpoint");
        (int code, string output) = Run(
            "unshare", ["-rm", "bash", "-c", Script, "bash", typeof(CommandLine).Assembly.Location, .. Train("song", 80, "--checkpoint", onDisk)],
            ("ROOM", $"{checkpoint.Length * 3 / 2}"), ("DISK", _folder["disk"]), ("CHECKPOINT", _folder["song.checkpoint"]));

        Assert.True(code == 0, output);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] warnings = [.. lines.Where(line => line.Contains("\"severity\":\"warning\"", StringComparison.Ordinal))];
        Assert.NotEmpty(warnings);
        Assert.All(warnings, line => Assert.Matches("The checkpoint of step [68]0 could not be saved, .*No space left", line));
        Assert.Equal(80, JsonDocument.Parse(lines[^2]).RootElement.GetProperty("steps").GetInt64());
        Assert.Equal("song.checkpoint", lines[^1]);
        Assert.Equal(checkpoint, File.ReadAllBytes(_folder["song.checkpoint"]));
        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["song.zip"]);
        Assert.Equal(80, model.Training!.Steps);
    }

    private string[] Train(string name, int steps, params string[] more) =>
    [
        "train", _folder["song.txt"], "-o", _folder[name + ".zip"], "--resume", "--json", "--steps", $"{steps}",
        "--evaluate-every", "20", "--hidden-size", "16", "--embedding-size", "8", "--batch-size", "4", "--sequence-length", "16", "--seed", "1",
        "--engine", "managed", "--threads", "1", .. more.Contains("--checkpoint") ? more : [.. more, "--checkpoint", _folder[name + ".checkpoint"]],
    ];

    private static (int Code, string Output) Run(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        using Process process = Start(program, arguments, variables);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static Process Start(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
