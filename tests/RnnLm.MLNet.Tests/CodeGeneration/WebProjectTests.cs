using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.ML;

namespace RnnLm.MLNet.Tests;

public sealed class WebProjectTests(OrdersWeb project) : IClassFixture<OrdersWeb>
{
    private const int Requests = 1000, Connections = 16;

    [Fact]
    public async Task TheWebProjectServesManyAndTakesUpModelsThatReplaceItsOwn()
    {
        string served = project.Path("served.zip"), other = project.TrainOther("others", OrdersWeb.Table("Help with the order of"));
        File.Copy(project.Model, served);
        string first = Continue(project.Model), second = Continue(other);
        Assert.NotEqual(first, second);
        await using WebServer server = await WebServer.StartAsync(project, served);

        await RequestAsync(server, first, first, () => { });
        // A file moved into place, as 'rnnlm train --force' and the core's Save do.
        File.Copy(other, served + ".new");
        await RequestAsync(server, first, second, () => File.Move(served + ".new", served, overwrite: true));
        // A file written over where it is.
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(project.Model, out DataViewSchema schema);
        await RequestAsync(server, second, first, () => ml.Model.Save(model, schema, served));
    }

    [Fact]
    public async Task AModelThatCannotBeLoadedLeavesTheOneBeforeItInUse()
    {
        string served = project.Path("kept.zip"), expected = Continue(project.Model);
        File.Copy(project.Model, served);
        await using WebServer server = await WebServer.StartAsync(project, served);

        await AssertHealthAsync(server, "Healthy", "loaded");
        await File.WriteAllTextAsync(served, "no model");
        await server.WaitForLogAsync("can't be loaded. The model in memory stays in use.");
        Assert.Equal(expected, await ContinueAsync(server, "predict"));
        await AssertHealthAsync(server, "Degraded", "loaded, file can't be loaded");

        File.Delete(served);
        await server.WaitForLogAsync("is missing. The model in memory stays in use.");
        await AssertHealthAsync(server, "Degraded", "loaded, file is missing");
        Assert.Equal(expected, await ContinueAsync(server, "stream"));

        File.Copy(project.Model, served);
        await server.WaitForLogAsync("the new model is in use");
        Assert.Equal(expected, await ContinueAsync(server, "predict"));
        await AssertHealthAsync(server, "Healthy", "loaded");

        static async Task AssertHealthAsync(WebServer server, string status, string model)
        {
            HttpResponseMessage answer = await server.Client.GetAsync("health/ready");
            JsonElement report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal((HttpStatusCode.OK, status), (answer.StatusCode, report.GetProperty("status").GetString()));
            Assert.Equal(model, report.GetProperty("checks").GetProperty("models").GetProperty("kept").GetString());
        }
    }

    [Fact]
    public void WithoutItsModelTheServiceDoesNotStart()
    {
        string missing = project.Path("missing.zip");
        Assert.Equal($"There is no model '{missing}'. Put it there, or name another with --model FILE.", FailToStart(missing));
    }

    [Fact]
    public void WithAFileThatIsNotItsModelTheServiceDoesNotStart()
    {
        string cut = project.Path("cut.zip"), classifier = project.Path("classifier.zip");
        File.WriteAllBytes(cut, File.ReadAllBytes(project.Model)[..^500]);
        using (RnnTextClassifier other = RnnTextClassifier.Train(
            [new LabelledText("a", "x"), new LabelledText("b", "y")],
                new TextClassifierOptions { Training = { MaxSteps = 1, ValidationFraction = 0 } }))
            other.Save(classifier);

        string message = FailToStart(cut);
        Assert.StartsWith($"The model file '{cut}' is damaged: ", message, StringComparison.Ordinal);
        Assert.EndsWith("Train the model again, or name another file with --model FILE.", message, StringComparison.Ordinal);
        Assert.Equal($"The model file '{classifier}' holds another model than this program was written for. Name another file with "
            + "--model FILE, or write the program for this one with 'rnnlm codegen'.", FailToStart(classifier));
    }

    [Fact]
    public void WithAWrongSettingTheServiceDoesNotStart() => Assert.Equal(
        "Limits:Queue must be from 0 to 100000, but is 'many'.", FailToStart(project.Model, "--Limits:Queue=many"));

    [Fact]
    public async Task RequestsOutOfBoundsAreRefused()
    {
        await using WebServer server = await WebServer.StartAsync(project, project.Model);
        string longText = new('x', 2001);

        // A text may end before its limit.
        Assert.InRange((await server.PostAsync("stream", new { text = "Hel", condition = "lamp", maxLength = 3 })).Length, 0, 3);
        object longest = new { text = longText[..2000], condition = "lamp", maxLength = 3, temperature = 1 };
        Assert.InRange((await server.PostAsync("stream", longest)).Length, 0, 3);
        foreach ((string path, object request, string message) in new (string, object, string)[]
                 {
                     ("predict", new { text = longText, condition = "lamp" }, "text may have 2000 characters at most."),
                     ("stream", new { text = longText, condition = "lamp" }, "text may have 2000 characters at most."),
                     ("stream", new { text = new string('x', 15_000), condition = "lamp" }, "text may have 2000 characters at most."),
                     ("predict", new { text = (string?)null, condition = "lamp" }, "text is missing."),
                     ("predict", new { condition = "lamp" }, "text is missing."),
                     ("stream", new { condition = "lamp" }, "text is missing."),
                     ("predict", new { text = "Hel", kind = "lamp" },
                         "The body's member 'kind' is not known, or its value is not what is asked for."),
                     ("predict", new { text = "Hel", condition = "sofa" }, "condition must be one of lamp, desk."),
                     ("stream", new { text = "Hel" }, "condition must be one of lamp, desk."),
                     ("stream", new { text = "", condition = "lamp", maxLength = 2001 }, "maxLength must be from 0 to 2000."),
                     ("stream", new { text = "", condition = "lamp", maxLength = -1 }, "maxLength must be from 0 to 2000."),
                     ("stream", new { text = "", condition = "lamp", temperature = -1 }, "temperature must be from 0 to 100."),
                 })
        {
            await WebServer.AssertProblemAsync(await server.Client.PostAsJsonAsync(path, request), HttpStatusCode.BadRequest, message);
        }
    }

    [Fact]
    public async Task ItIsAServiceWithHealthProblemDetailsAndNoTextsInItsLog()
    {
        await using WebServer server = await WebServer.StartAsync(project, project.Model);
        const string Secret = "Zqvxsecret";
        foreach (string path in (string[])["health/live", "health/ready"])
        {
            HttpResponseMessage health = await server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            Assert.Equal("nosniff", health.Headers.GetValues("X-Content-Type-Options").Single());
        }

        await server.PostAsync("predict", new { text = Secret, condition = "lamp" });
        foreach ((string body, HttpStatusCode status, string detail) in new[]
                 {
                     ($"{{\"text\":{Secret}", HttpStatusCode.BadRequest,
                         "The body's member 'text' is not known, or its value is not what is asked for."),
                     (Secret + new string(' ', 20_000), HttpStatusCode.RequestEntityTooLarge, "The body may have 16384 bytes at most."),
                 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "predict")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"), Headers = { ExpectContinue = true },
            };
            await WebServer.AssertProblemAsync(await server.Client.SendAsync(request), status, detail);
        }

        await WebServer.AssertProblemAsync(await server.Client.GetAsync(Secret), HttpStatusCode.NotFound, null);
        Assert.DoesNotContain(Secret, server.Log, StringComparison.Ordinal);
    }

    private string FailToStart(string model, params string[] arguments)
    {
        using Process process = WebServer.Start(project, model, arguments);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        return error.Trim();
    }

    private string Continue(string model) => project.Rnnlm("sample", model, "--prompt", "Hel", "--condition", "desk", "--no-prompt")[..^1];

    private static async Task<string> ContinueAsync(WebServer server, string path)
    {
        string answer = await server.PostAsync(path, new { text = "Hel", condition = "desk" });
        return path == "predict" ? JsonDocument.Parse(answer).RootElement.GetProperty("continuation").GetString()! : answer;
    }

    /// <summary>
    /// Sends requests over all connections and, when some have been answered, changes the file. Each connection goes on until enough were
    /// sent and it was answered by the new model; from then on it is never again answered by the one before.
    /// </summary>
    private static async Task RequestAsync(WebServer server, string before, string after, Action change)
    {
        int sent = 0;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (_, _) =>
        {
            bool changed = before == after;
            for (int number; (number = Interlocked.Increment(ref sent)) <= Requests || !changed;)
            {
                if (number == Requests / 4)
                    change();
                limit.Token.ThrowIfCancellationRequested();
                string answer = await ContinueAsync(server, number % 2 == 0 ? "predict" : "stream");
                changed = changed || answer == after;
                Assert.Equal(changed ? after : before, answer);
            }
        });
    }
}
