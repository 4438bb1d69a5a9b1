using System.Diagnostics;
using System.Text.Json;
using RnnLm.Cli.Terminal;
using RnnLm.Files;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Commands;

/// <summary>What is left of a training whose process or disk gives out.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CheckpointTests() =>
        File.WriteAllText(_folder["song.txt"],
        string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.\n", 40)));

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
        Assert.Equal(600, killed.TrainingSummary!.Steps);
        Assert.Equal(whole.TrainingSummary!.ValidationLoss, killed.TrainingSummary.ValidationLoss);
        Assert.All(whole.Saved.Weights, tensor => Assert.Equal(tensor.Values, killed.Saved.Weights[tensor.Name].Values));
        Assert.Equal(["killed.checkpoint", "killed.zip", "song.txt", "whole.checkpoint", "whole.zip"], _folder.Names);
    }

    [Fact]
    public void ACheckpointIsNotReplacedUnlessThatIsAskedFor()
    {
        string[] again = [.. Train("song", 60).Where(argument => argument != "--resume")];
        CliRun.Ok(Train("song", 40));
        File.Delete(_folder["song.zip"]);
        byte[] checkpoint = File.ReadAllBytes(_folder["song.checkpoint"]);

        CliRun run = CliRun.Of(again);

        Assert.NotEqual(0, run.Code);
        Assert.Equal($"rnnlm: checkpoint '{_folder["song.checkpoint"]}' holds step 40 of this training: set --resume to go on, or --force "
            + "to begin anew.\n", run.Error);
        Assert.Equal(checkpoint, File.ReadAllBytes(_folder["song.checkpoint"]));
        Assert.Equal(["song.checkpoint", "song.txt"], _folder.Names);

        Assert.Contains("Going on from step 40", CliRun.Ok([.. again, "--resume"]).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Going on", CliRun.Ok([.. again, "--force"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCheckpointOfAnotherTrainingIsNotReplacedUnlessThatIsAskedFor()
    {
        CliRun.Ok(Train("song", 40));
        File.Delete(_folder["song.zip"]);
        byte[] checkpoint = File.ReadAllBytes(_folder["song.checkpoint"]);
        string[] other = [.. Train("song", 40, "--cell", "gru", "--layers", "2").Where(argument => argument != "--resume")];

        CliRun run = CliRun.Of(other);

        Assert.NotEqual(0, run.Code);
        Assert.Equal(
            $"rnnlm: checkpoint '{_folder["song.checkpoint"]}' is of another training: --cell was lstm, is gru; --layers was 1, is 2. "
            + "It holds step 40 of that training: name another checkpoint file, or set --force to begin anew and replace it.\n", run.Error);
        Assert.Equal(checkpoint, File.ReadAllBytes(_folder["song.checkpoint"]));
        Assert.Equal(["song.checkpoint", "song.txt"], _folder.Names);

        CliRun.Ok([.. other, "--force"]);
        Assert.Contains("Going on from step 40", CliRun.Ok([.. other, "--resume"]).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--force")]
    [InlineData("--resume")]
    public void AFileThatIsNoCheckpointIsNeverReplaced(string flag)
    {
        File.WriteAllText(_folder["song.checkpoint"], "a diary, say");

        CliRun run = CliRun.Of([.. Train("song", 40).Where(argument => argument != "--resume"), flag]);

        Assert.Equal(1, run.Code);
        Assert.Contains("song.checkpoint' can't be read", run.Error, StringComparison.Ordinal);
        Assert.Contains("Name another file, or delete this one to begin anew.", run.Error, StringComparison.Ordinal);
        Assert.Equal("a diary, say", File.ReadAllText(_folder["song.checkpoint"]));
    }

    [Fact]
    public void TwoRunsDoNotWriteOneCheckpoint()
    {
        using var other = FileLock.Take(_folder["song.checkpoint"]);

        CliRun run = CliRun.Of(Train("song", 40));

        Assert.Equal(1, run.Code);
        Assert.Contains("song.checkpoint' can't be written: another run is about to write it", run.Error, StringComparison.Ordinal);
    }

    /// <summary>What a resumed run may replace is what it left itself when it was interrupted.</summary>
    [Fact]
    public void AResumedRunDoesNotReplaceTheModelOfAnotherTraining()
    {
        CliRun.Ok(Train("other", 20, "--seed", "2"));
        byte[] model = File.ReadAllBytes(_folder["other.zip"]);
        string[] resumed = Train("other", 40, "--checkpoint", _folder["song.checkpoint"]);

        CliRun begun = CliRun.Of(resumed);
        CliRun.Ok(Train("song", 20));
        CliRun gone = CliRun.Of(resumed);

        Assert.All((CliRun[])[begun, gone], run => Assert.Contains("other.zip' exists. Say --force", run.Error, StringComparison.Ordinal));
        Assert.Equal(model, File.ReadAllBytes(_folder["other.zip"]));
        CliRun.Ok(Train("song", 40));
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
        Skip.IfNot(CanMount(), "A small disk can't be made here: that takes Linux, and the right to mount in a namespace of one's own.");
        CliRun.Ok(Train("song", 40));
        byte[] checkpoint = File.ReadAllBytes(_folder["song.checkpoint"]);

        // A disk with room for this checkpoint, but not for the next one beside it.
        string onDisk = Path.Combine(_folder["disk"], "song.checkpoint");
        (int code, string output) = Run(
            "unshare", ["-rm", "bash", "-c", Script, "bash", typeof(CommandLine).Assembly.Location,
            .. Train("song", 80, "--checkpoint", onDisk)],
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
        Assert.Equal(80, model.TrainingSummary!.Steps);
    }

    [SkippableFact]
    public void AModelThatADiskHasNoRoomForIsKeptElsewhere()
    {
        const string Script = """
            set -e
            mount -t tmpfs -o size=8k tmpfs "$DISK"
            cp "$MODEL" "$DISK/song.zip"
            dotnet "$@" 2>&1 || echo "exit $?"
            cmp "$MODEL" "$DISK/song.zip" && ls "$DISK"
            """;
        foreach (string folder in (string[])["disk", "temporary"])
            Directory.CreateDirectory(_folder[folder]);
        Skip.IfNot(CanMount(), "A small disk can't be made here: that takes Linux, and the right to mount in a namespace of one's own.");
        File.WriteAllText(_folder["precious"], "a model of before");

        (int code, string output) = Run(
            "unshare", ["-rm", "bash", "-c", Script, "bash", typeof(CommandLine).Assembly.Location,
            .. Train("disk/song", 40, "--checkpoint", _folder["c"], "--force")],
            ("DISK", _folder["disk"]), ("MODEL", _folder["precious"]), ("TMPDIR", _folder["temporary"]));

        Assert.True(code == 0, output);
        string kept = Assert.Single(Directory.EnumerateFiles(_folder["temporary"], "song-*.zip"));
        Assert.Contains("No space left", output, StringComparison.Ordinal);
        Assert.Contains($"It is kept as '{kept}': move it where you want it.\nexit 1\nsong.zip\n", output, StringComparison.Ordinal);
        using RnnLanguageModel model = RnnLanguageModel.Load(kept);
        Assert.Equal(40, model.TrainingSummary!.Steps);
    }

    private bool CanMount() =>
        OperatingSystem.IsLinux() && Run("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", _folder["disk"]]).Code == 0;

    private string[] Train(string name, int steps, params string[] more) =>
    [
        "train", _folder["song.txt"], "-o", _folder[name + ".zip"], "--resume", "--json", "--steps", $"{steps}",
        "--evaluate-every", "20", "--hidden-size", "16", "--embedding-size", "8", "--batch-size", "4", "--sequence-length", "16",
        "--engine", "managed", "--threads", "1", .. more.Contains("--seed") ? [] : (string[])["--seed", "1"],
        .. more.Contains("--checkpoint") ? more : [.. more, "--checkpoint", _folder[name + ".checkpoint"]],
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
