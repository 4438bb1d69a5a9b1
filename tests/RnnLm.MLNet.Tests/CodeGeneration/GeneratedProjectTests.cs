using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>The projects that 'rnnlm codegen' writes build as they are, outside of the repository, and run. Only the package of this repository is exchanged for its project.</summary>
public sealed class GeneratedProjectTests : IDisposable
{
    private static readonly string Library = TestData.InRepository("src/RnnLm.MLNet/RnnLm.MLNet.csproj");

    private readonly TempFolder _folder = new();

    public GeneratedProjectTests()
    {
        File.WriteAllText(_folder["orders.csv"], "Id,Message\n" + string.Concat(Enumerable.Range(0, 80).Select(i => $"{i},\"Hello, I ordered {i % 7} lamps\"\n")));
        Tool.Rnnlm(_folder.Path, "new", "orders", "--data", "orders.csv", "--text-column", "Message", "--mode", "rows", "--cell", "gru", "--hidden-size", "24",
            "--embedding-size", "8", "--batch-size", "8", "--learning-rate", "0.01", "--epochs", "6", "--engine", "managed", "--threads", "1");
        string config = File.ReadAllText(_folder["orders.rnnlm.json"]);
        File.WriteAllText(_folder["orders.rnnlm.json"], config.Replace("\"temperature\": 1,", "\"temperature\": 0,", StringComparison.Ordinal));
        Tool.Rnnlm(_folder.Path, "train", "orders.rnnlm.json");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheConsoleProjectTrainsTheModelOfTheTool()
    {
        string project = Build("console");

        Assert.Equal("Saved orders.zip\n", Tool.Dotnet(project, Program, "train"));

        string[] prompts = ["Hel", "", "I ordered 3"];
        string written = Tool.Rnnlm(_folder.Path, ["sample", "orders.zip", .. prompts.SelectMany(prompt => new[] { "--prompt", prompt })]);
        Assert.Contains("Hello, I ordered", written, StringComparison.Ordinal);
        Assert.Equal(written, Tool.Dotnet(project, [Program, "predict", .. prompts]));
        Assert.Equal(written, Tool.Dotnet(project, [Program, "predict", "--model", "../orders.zip", .. prompts]));
    }

    [SkippableFact]
    public async Task TheWebProjectAnswersManyStreamsAndRefusesWhatIsTooLong()
    {
        string project = Build("web");
        using Process server = Process.Start(Tool.Start(project, [Program, "--urls", "http://127.0.0.1:0", "--model", _folder["orders.zip"]]))!;
        try
        {
            string? line;
            while ((line = await server.StandardOutput.ReadLineAsync()) is not null && !line.Contains("Now listening on: ", StringComparison.Ordinal))
            {
                // Waits until it listens.
            }

            _ = server.StandardOutput.ReadToEndAsync();
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 16 }) { BaseAddress = new Uri(line!.Split(": ")[1].Trim()) };
            string expected = Tool.Rnnlm(_folder.Path, "sample", "orders.zip", "--prompt", "Hel", "--no-prompt")[..^1];

            await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
            {
                HttpResponseMessage answer = await client.PostAsJsonAsync(i % 2 == 0 ? "predict" : "stream", new { text = "Hel" }, stop);
                string text = await answer.Content.ReadAsStringAsync(stop);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(expected, i % 2 == 0 ? JsonDocument.Parse(text).RootElement.GetProperty("continuation").GetString() : text);
            });

            Assert.Equal(3, (await (await client.PostAsJsonAsync("stream", new { text = "Hel", maxLength = 3 })).Content.ReadAsStringAsync()).Length);
            foreach ((string path, object request) in new (string, object)[]
                     {
                         ("predict", new { text = new string('x', 100_000) }), ("stream", new { text = new string('x', 100_000) }), ("predict", new { text = (string?)null }),
                         ("stream", new { text = "", maxLength = 1_000_000 }), ("stream", new { text = "", maxLength = -1 }), ("stream", new { text = "", temperature = -1 }),
                     })
                Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync(path, request)).StatusCode);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private string Build(string kind)
    {
        Tool.Rnnlm(_folder.Path, "codegen", "orders.rnnlm.json", "--project", kind);
        string project = Path.Combine(_folder["OrdersApp"], "OrdersApp.csproj");
        string text = File.ReadAllText(project);
        int reference = text.IndexOf("<PackageReference Include=\"RnnLm.MLNet\"", StringComparison.Ordinal);
        string own = $"{text[..reference]}<ProjectReference Include=\"{Library}\" />{text[(text.IndexOf("/>", reference, StringComparison.Ordinal) + 2)..]}";
        File.WriteAllText(project, own);
        // The library as it was built for these tests, which may be without TorchSharp.
        Restore();
        Tool.Dotnet(_folder["OrdersApp"], "build", "-nologo", "--no-restore", "-c", Configuration, "-p:LibTorch=none", "-p:BuildProjectReferences=false");
        return _folder["OrdersApp"];
    }

    /// <summary>Restores the project; the web project's test is skipped where the feed lacks the pool.</summary>
    private void Restore()
    {
        try
        {
            Tool.Dotnet(_folder["OrdersApp"], "restore", "-nologo", "-p:LibTorch=none");
        }
        catch (Xunit.Sdk.TrueException fault) when (fault.Message.Contains("NU1101: Unable to find package Microsoft.Extensions.ML", StringComparison.Ordinal))
        {
            Skip.If(true, "The feed lacks Microsoft.Extensions.ML.");
        }
    }

    /// <summary>That of these tests, whose libraries are built.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Program => Path.Combine("bin", Configuration, new DirectoryInfo(AppContext.BaseDirectory).Name, "OrdersApp.dll");
}
