using System.Diagnostics;
using System.Globalization;
using System.Text;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Shards;

/// <summary>
/// Shares of rows may be worked on by nodes with different processors: the tool, run with vectors of another width, on another number of
/// processors and threads, writes the same bytes. .NET's own settings take the instructions away.
/// </summary>
public sealed class ProcessorTests : IDisposable
{
    // Odd sizes: no width of vectors divides them.
    private static readonly string[] Small =
        ["--hidden-size", "37", "--steps", "30", "--seed", "1", "--engine", "managed", "--threads", "1"];

    // The C library, too, then computes without fused multiply-adds; where it is another one, this is passed over.
    private const string OlderLibrary = "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable";

    private readonly TempFolder _folder = new();

    public ProcessorTests()
    {
        string[] messages = File.ReadAllLines(TestData.InRepository("examples", "Quickstart", "Data", "messages.txt"));
        File.WriteAllLines(_folder["rows.txt"], [.. messages.Take(70), "", "§ is not known", messages[70][..1]]);
        File.WriteAllLines(_folder["prompts.txt"], messages.Take(70).Select(message => message[..9]));
        File.WriteAllLines(_folder["labels.tsv"], ["text\tlabel", .. messages.Take(200).Select((message, i) => $"{message}\t{i % 3}")]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gru", 0, true)]
    [InlineData("gru", 9, false)]
    [InlineData("lstm", 0, false)]
    [InlineData("lstm", 9, true)]
    [InlineData("rnn", 0, false)]
    [InlineData("rnn", 9, true)]
    public void RowsAreAnsweredWithTheSameBytesWhateverTheProcessor(string cell, int embedding, bool withoutVectors)
    {
        string[] network = ["--cell", cell, "--embedding-size", $"{embedding}", .. Small];
        CliRun.Ok(["train", _folder["rows.txt"], "--mode", "rows", "--layers", "2", "-o", _folder["m.zip"], .. network]);
        CliRun.Ok(["train", _folder["labels.tsv"], "--task", "classify", "--text-column", "text", "--label-column", "label", "--pooling",
            "mean", "-o", _folder["c.zip"], .. network]);

        foreach (string[] command in (string[][])
        [
            ["score", "m.zip", "rows.txt", "--per-character", "-o", "out.jsonl"],
            ["embed", "m.zip", "rows.txt", "--pooling", "mean", "--all-layers", "-o", "out.npy"],
            ["sample", "m.zip", "prompts.txt", "--seed", "5", "--max-length", "40", "-o", "out.jsonl"],
            ["classify", "c.zip", "rows.txt", "-o", "out.jsonl"],
        ])
        {
            string[] call = [command[0], .. command[1..].Select(argument => argument.Contains('.') ? _folder[argument] : argument), "-f"];
            CliRun.Ok([.. call, "--threads", "1"]);
            byte[] expected = File.ReadAllBytes(call[^2]);

            Assert.Equal(expected, Run([.. call, "--threads", "2"], "DOTNET_EnableAVX512=0"));
            AssertSame(expected, Run([.. call, "--threads", "1"], "DOTNET_EnableAVX2=0", OlderLibrary), command[0]);
            if (withoutVectors)
                AssertSame(expected, Run(call, "DOTNET_EnableHWIntrinsic=0", "DOTNET_PROCESSOR_COUNT=3"), command[0]);
        }
    }

    /// <summary>Bytes are the same, but for the last digit of figures that the C library takes a logarithm or a power for.</summary>
    private static void AssertSame(byte[] expected, byte[] actual, string command)
    {
        if (command != "score")
        {
            Assert.Equal(expected, actual);
            return;
        }

        string[] theirs = Parts(expected), ours = Parts(actual);
        Assert.Equal(theirs.Length, ours.Length);
        Assert.All(theirs.Zip(ours), pair =>
        {
            if (pair.First != pair.Second)
                Assert.Equal(Number(pair.First), Number(pair.Second), 1e-13 * Math.Abs(Number(pair.First)));
        });

        static string[] Parts(byte[] bytes) => Encoding.UTF8.GetString(bytes).Split([',', ':', '{', '}', '[', ']', '\n']);
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static byte[] Run(string[] arguments, params string[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string variable in variables)
            start.Environment[variable[..variable.IndexOf('=')]] = variable[(variable.IndexOf('=') + 1)..];
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', variables)} rnnlm {string.Join(' ', arguments)}: {error.Result}");
        return File.ReadAllBytes(arguments[Array.IndexOf(arguments, "-o") + 1]);
    }
}
