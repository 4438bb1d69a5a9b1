using System.Diagnostics;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Terminal;

/// <summary>
/// A disk that gets full while a command writes: it is said in one line, what was there stays, and nothing half-written is left.
/// </summary>
public sealed class FullDiskTests : IClassFixture<ReportModels>, IDisposable
{
    private readonly TempFolder _folder = new();

    public FullDiskTests(ReportModels models)
    {
        Directory.CreateDirectory(_folder["disk"]);
        File.WriteAllText(_folder["song.txt"], string.Concat(Enumerable.Repeat("the cat sat on the mat.\n", 40)));
        File.WriteAllText(_folder["bad.jsonl"], string.Concat(Enumerable.Repeat($"{{\"x\":\"{new string('a', 6000)}\"}}\n", 40)));
        File.Copy(models.Song, _folder["song.zip"]);
        CliRun.Ok("convert", models.Song, _folder["song.safetensors"]);
        File.WriteAllText(_folder["run.rnnlm.json"], """{ "source": { "files": ["song.txt"] }, "training": { "max_steps": 2 } }""");
    }

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("report song.zip -o OUT", "page.html")]
    [InlineData("convert song.zip OUT", "new.safetensors")]
    [InlineData("convert song.zip OUT", "new.onnx")]
    [InlineData("convert song.safetensors OUT", "new.zip")]
    [InlineData("generate song.zip -n 2000 --seed 1 --threads 1 -o OUT --format csv", "rows.csv")]
    [InlineData("score song.zip song.txt -o OUT", "scored.jsonl")]
    [InlineData("embed song.zip song.txt song.txt song.txt -o OUT", "vectors.npy")]
    [InlineData("score song.zip bad.jsonl --on-error skip --errors OUT", "errors.jsonl")]
    [InlineData("embed song.zip song.txt --shard 0/1 -o DISK", "other.txt")]
    [InlineData("new OUT -d song.txt", "other.rnnlm.json")]
    [InlineData("codegen run.rnnlm.json --project console -o DISK", "RunApp.csproj")]
    public void ItIsSaidAndNothingIsLost(string command, string output)
    {
        const string Script = """
            set -e
            mount -t tmpfs -o size=8k tmpfs "$DISK"
            echo "what was there" > "$DISK/$NAME"
            cd "$FOLDER"
            dotnet "$@" --force 2>&1 || echo "exit $?"
            ls "$DISK" | sed 's/^/left: /'
            sed 's/^/content: /' "$DISK/$NAME"
            """;
        Skip.IfNot(CanMount(), "A small disk can't be made here: that takes Linux, and the right to mount in a namespace of one's own.");
        string[] arguments = [.. command.Split(' ')
            .Select(word => word switch { "OUT" => Path.Combine(_folder["disk"], output), "DISK" => _folder["disk"], _ => word })];

        string[] lines = Run("unshare", ["-rm", "bash", "-c", Script, "bash", typeof(CommandLine).Assembly.Location, .. arguments],
            ("DISK", _folder["disk"]), ("NAME", output), ("FOLDER", _folder.Path))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string all = string.Join('\n', lines);
        Assert.True(lines.Contains("exit 1"), all);
        string fault = Assert.Single(lines, line => line.StartsWith("rnnlm: ", StringComparison.Ordinal));
        Assert.Contains("can't be written: ", fault, StringComparison.Ordinal);
        Assert.Contains("No space left on device", fault, StringComparison.Ordinal);
        Assert.Contains(_folder["disk"], fault, StringComparison.Ordinal);
        Assert.Contains("content: what was there", lines);
        // What may be left is what a run goes on from, and whole files.
        Assert.DoesNotContain(lines, line => line.StartsWith("left: ", StringComparison.Ordinal)
            && (line.EndsWith(".tmp", StringComparison.Ordinal) || line.EndsWith(".lock", StringComparison.Ordinal)));
        if (command.StartsWith("generate", StringComparison.Ordinal))
            Assert.Contains("go on with --resume", fault, StringComparison.Ordinal);
    }

    /// <summary>The standard output, too: results are asked for, and can't be had.</summary>
    [SkippableTheory]
    [InlineData("sample song.zip -p the -n 50")]
    [InlineData("generate song.zip -n 2000 --seed 1 --stop \\n --length 20")]
    [InlineData("generate song.zip -n 5 --seed 1 --stop \\n --length 20")]
    [InlineData("evaluate song.zip song.txt")]
    [InlineData("score song.zip song.txt")]
    [InlineData("inspect song.zip")]
    [InlineData("completion bash")]
    [InlineData("new --schema")]
    public void AStandardOutputThatIsFullIsSaid(string command)
    {
        Skip.IfNot(File.Exists("/dev/full"), "This system has no device that is always full.");

        string output = Run("bash", ["-c", "cd \"$FOLDER\"; dotnet \"$@\" 2>&1 >/dev/full || echo \"exit $?\"", "bash",
            typeof(CommandLine).Assembly.Location, .. command.Split(' ')], ("FOLDER", _folder.Path));

        Assert.EndsWith("exit 1\n", output, StringComparison.Ordinal);
        Assert.Contains("rnnlm: the standard output can't be written: ", output, StringComparison.Ordinal);
        Assert.Contains("no space left on device", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("texts written", output, StringComparison.Ordinal);
    }

    /// <summary>Where the reader has ended, as head does, the rest of the rows is not answered, and nobody is told.</summary>
    [SkippableTheory]
    [InlineData("score song.zip many.txt")]
    [InlineData("check song.zip many.txt --held-out song.txt --false-positive-rate 0.1")]
    [InlineData("suggest song.zip many.txt --max-length 3")]
    [InlineData("score song.zip many.txt --on-error skip --errors errors.jsonl")]
    public void AReaderThatHasEndedEndsTheRun(string command)
    {
        Skip.If(OperatingSystem.IsWindows(), "This takes bash, and a system that tells of readers.");
        File.WriteAllLines(_folder["many.txt"], Enumerable.Range(0, 100_000).Select(i => "the cat sat on the mat"[..(1 + (i % 22))]));
        const string Script = "cd \"$FOLDER\"; dotnet \"$@\" 2>error.txt | head -1; echo \"exit ${PIPESTATUS[0]}\"; cat error.txt";

        string output = Run("bash", ["-c", Script, "bash", typeof(CommandLine).Assembly.Location,
            .. command.Split(' ')], ("FOLDER", _folder.Path));

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal("exit 1", lines[1]);
    }

    private bool CanMount()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        using Process process = Start("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", _folder["disk"]]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string Run(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        using Process process = Start(program, arguments, variables);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static Process Start(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = program == "unshare" && arguments[1] == "mount",
            UseShellExecute = false
        };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
