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

        await File.WriteAllTextAsync(served, "no model");
        await server.WaitForLogAsync("can't be loaded. The model in memory stays in use.");
        Assert.Equal(expected, await ContinueAsync(server, "predict"));

        File.Delete(served);
        await Task.Delay(2500);
        Assert.Equal(expected, await ContinueAsync(server, "stream"));

        File.Copy(project.Model, served);
        await server.WaitForLogAsync("the new model is in use");
        Assert.Equal(expected, await ContinueAsync(server, "predict"));
    }

    [Fact]
    public void WithoutItsModelTheServiceDoesNotStart()
    {
        string missing = project.Path("missing.zip");
        using Process process = WebServer.Start(project, missing);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(1, process.ExitCode);
        Assert.Equal($"There is no model '{missing}'. Put it there, or name another with --model FILE.", error.Trim());
    }

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
                     ("predict", new { text = longText, condition = "lamp" }, "text is needed, of at most 2000 characters."),
                     ("stream", new { text = longText, condition = "lamp" }, "text is needed, of at most 2000 characters."),
                     ("stream", new { text = new string('x', 15_000), condition = "lamp" }, "text is needed, of at most 2000 characters."),
                     ("predict", new { text = (string?)null, condition = "lamp" }, "text is needed, of at most 2000 characters."),
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
                     ($"{{\"text\":{Secret}", HttpStatusCode.BadRequest, "The request is not in the form that is asked for."),
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
