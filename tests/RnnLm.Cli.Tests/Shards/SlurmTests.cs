using System.Diagnostics;
using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Shards;

/// <summary>Shares of rows as tasks of a Slurm array, two of which are killed at work, by the script that the repository ships.</summary>
public sealed class SlurmTests : IDisposable
{
    private const int Tasks = 8, Rows = 100_000;

    private readonly TempFolder _folder = new();
    private readonly string _cli = Path.Combine(AppContext.BaseDirectory, "RnnLm.Cli.dll");

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("jsonl", "score")]
    [InlineData("npy", "embed")]
    [InlineData("txt", "generate")]
    public void AnArrayWithKilledTasksGivesTheBytesOfOneProcess(string ending, string command)
    {
        Skip.If(Environment.GetEnvironmentVariable("SLURM_CONF") is null, "There is no Slurm cluster: .ci/slurm makes one.");
        string script = TestData.InRepository("deploy", "slurm", "rows.sbatch"), parts = _folder["parts"];
        string[] call = Prepare(command);
        Rnnlm([.. call, "--output", _folder["one." + ending]]);

        string job = Run("sbatch", ["--parsable", script, .. call, "--output", parts]).Trim();
        foreach (int task in (int[])[1, 2])
            KillAtWork(job, task);
        Wait("the array ends", () => Run("squeue", ["--noheader", "--jobs", job]).Length == 0);
        Rnnlm(["merge", parts, "--output", _folder["all." + ending]]);

        string[] logs = [.. Enumerable.Range(0, Tasks).Select(task => File.ReadAllText(_folder[$"rnnlm-{job}_{task}.log"]))];
        Assert.Equal(File.ReadAllBytes(_folder["one." + ending]), File.ReadAllBytes(_folder["all." + ending]));
        Assert.All(logs, log => Assert.Matches(@"rows? of \d", log));
        Assert.Equal([1, 2], Enumerable.Range(0, Tasks).Where(task => logs[task].Contains("start 2", StringComparison.Ordinal)));
        Assert.All((string[])["n1", "n2"], node => Assert.Contains(logs, log => log.Contains($"on {node},", StringComparison.Ordinal)));
    }

    private string[] Prepare(string command)
    {
        string text = TestData.InRepository("examples", "Quickstart", "Data", "messages.txt");
        string[] messages = File.ReadAllLines(text);
        File.WriteAllLines(_folder["rows.jsonl"], Enumerable.Range(0, Rows).Select(i => JsonSerializer.Serialize(
            new { key = i, text = $"{messages[i % messages.Length].Split(' ')[0]} {i * 7919L % 99_991}" })));
        // Large enough that a share takes seconds, and little trained: what it says does not matter here.
        Rnnlm(["train", text, "--mode", "rows", "--steps", "60", "--cell", "gru", "--hidden-size", "256", "--seed", "1",
            "--output", _folder["model.zip"]]);
        File.WriteAllText(_folder["rnnlm"], Script());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder["rnnlm"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return command == "generate"
            ? ["generate", _folder["model.zip"], "--rows", "20000", "--seed", "3", "--max-length", "20"]
            : [command, _folder["model.zip"], _folder["rows.jsonl"], "--output-format", command == "embed" ? "npy" : "jsonl"];
    }

    /// <summary>
    /// Tasks find the tool on the PATH, as they would where it is installed. Where two of them start for the first time, it stops as soon
    /// as it writes its part (which then has a name of its own), so that they are killed at work however fast the machine is.
    /// </summary>
    private string Script() => $$"""
        #!/bin/sh
        case "$SLURM_ARRAY_TASK_ID-${SLURM_RESTART_COUNT:-0}" in
        1-0 | 2-0)
          dotnet '{{_cli}}' "$@" &
          tool=$!
          until ls '{{_folder["parts"]}}/part-0000'"$SLURM_ARRAY_TASK_ID"-of-*.rnnlm.tmp >/dev/null 2>&1; do
            kill -0 $tool || exit 1
          done
          kill -STOP $tool
          touch '{{_folder["stopped"]}}'"-$SLURM_ARRAY_TASK_ID"
          wait $tool
          ;;
        *) exec dotnet '{{_cli}}' "$@" ;;
        esac

        """;

    private void KillAtWork(string job, int task)
    {
        Wait($"task {task} works", () => File.Exists(_folder[$"stopped-{task}"]));
        Assert.Single(Directory.GetFiles(_folder["parts"], $"part-{task:D5}-of-{Tasks:D5}.*.rnnlm.tmp"));
        Run("scontrol", ["requeue", $"{job}_{task}"]);
    }

    private void Rnnlm(string[] arguments) => Run("dotnet", [_cli, .. arguments]);

    private string Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}: {output}{error.Result}");
        return output;
    }

    private static void Wait(string what, Func<bool> done)
    {
        for (var watch = Stopwatch.StartNew(); !done(); Thread.Sleep(20))
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(10), $"After ten minutes it still does not hold that {what}.");
    }
}
