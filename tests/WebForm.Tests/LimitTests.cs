using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit.Abstractions;

namespace WebForm.Tests;

/// <summary>Limits of what runs at a time and how long, and clients that hang up.</summary>
[Collection(FormTests.Name)]
public sealed class LimitTests(TrainedModels models, ITestOutputHelper output)
{
    private static readonly object Slow = new { text = "thank you and", count = 10_000 };

    /// <summary>A search that takes minutes, and one place for it.</summary>
    internal static readonly (string, string)[] Endless =
    [
        ("Models:messages:Suggest:To", "End"), ("Models:messages:Suggest:Typos", "4"), ("Models:messages:Suggest:MaxSteps", "100000"),
        ("Models:messages:Suggest:MaxLength", "1000"), ("Limits:Suggestions", "10000"), ("Limits:Concurrency", "1"),
        ("Limits:Timeout", "01:00:00"),
    ];

    [Fact]
    public async Task WhatComesAfterAFullQueueIsToldToComeAgain()
    {
        using FormService service = FormService.Start(models, [.. Endless, ("Limits:Queue", "1")]);
        using var stop = new CancellationTokenSource();
        Task<HttpResponseMessage> working = service.PostAsync("messages/suggest", Slow, stop.Token);
        await FormService.UntilAsync(() => service.Count("rnnlm.request.active") == 1, "a request is worked on");
        Task<HttpResponseMessage> waiting = service.PostAsync("articles/suggest", new { text = "K" });
        await FormService.UntilAsync(() => service.Count("rnnlm.request.queued") == 1, "a request waits");

        HttpResponseMessage refused = await service.PostAsync("articles/check", new { text = "K" });
        await ApiTests.AssertProblemAsync(refused, HttpStatusCode.TooManyRequests, "is busy");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        // Pages and health are not held up.
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("")).StatusCode);
        Assert.Equal("Healthy", await service.Client.GetStringAsync("health/live"));

        await stop.CancelAsync();
        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
        await FormService.UntilAsync(() => service.Count("check busy") == 1 && service.Count("suggest cancelled") == 1, "both are counted");
    }

    [Fact]
    public async Task WhatTakesTooLongIsGivenUpWhetherItRunsOrWaits()
    {
        using FormService service = FormService.Start(models, [.. Endless[..^1], ("Limits:Timeout", "00:00:00.3")]);

        Task<HttpResponseMessage>[] answers = [.. Enumerable.Range(0, 4).Select(_ => service.PostAsync("messages/suggest", Slow))];
        foreach (HttpResponseMessage answer in await Task.WhenAll(answers))
            await ApiTests.AssertProblemAsync(answer, HttpStatusCode.GatewayTimeout, "too long");
        await AssertIdleAsync(service);
        await FormService.UntilAsync(() => service.Count("suggest timeout") == 4, "all are counted");
        // A line each, without a stack.
        Assert.Equal(4, service.Log.Count(line => line.Contains("A request for suggest took too long", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("   at "));
    }

    [Fact]
    public async Task AClientThatHangsUpFreesItsWorkAndItsPlaceInTheQueue()
    {
        using FormService service = FormService.Start(models, Endless);
        var times = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            using var stop = new CancellationTokenSource();
            Task[] answers = [.. Enumerable.Range(0, 3).Select(_ => service.PostAsync("messages/suggest", Slow, stop.Token))];
            await FormService.UntilAsync(() => service.Count("rnnlm.request.active") == 1 && service.Count("rnnlm.request.queued") == 2,
                "they came");
            long start = Stopwatch.GetTimestamp();
            await stop.CancelAsync();
            await AssertIdleAsync(service);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(answers));
        }

        await FormService.UntilAsync(() => service.Count("suggest cancelled") == 15, "all are counted as cancelled");
        output.WriteLine($"released after {string.Join(", ", times.Select(time => $"{time:F0} ms"))}");
    }

    [Theory]
    [InlineData("rows")]
    [InlineData("rows.csv")]
    public async Task AClientThatHangsUpEndsItsRows(string path)
    {
        using FormService service = FormService.Start(models, ("Limits:Rows", "10000000"), ("Limits:StreamTimeout", "01:00:00"));
        // HttpClient would read on for a while.
        using var client = new TcpClient("127.0.0.1", service.Client.BaseAddress!.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /api/models/articles/{path}?count=10000000&unique=false&new=false HTTP/1.1\r\nHost: x\r\n\r\n"));
        for (int read = 0; read < 100_000;)
            read += await stream.ReadAsync(new byte[10_000]);
        Assert.Equal(1, service.Count("rnnlm.request.active"));

        long start = Stopwatch.GetTimestamp();
        client.Close();
        await AssertIdleAsync(service);
        output.WriteLine($"released after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        await FormService.UntilAsync(() => service.Count($"{path} cancelled") == 1, "it is counted as cancelled");
    }

    [Fact]
    public async Task AClientThatSendsSlowlyTakesNoPlace()
    {
        using FormService service = FormService.Start(models, ("Limits:Concurrency", "1"), ("Limits:Timeout", "00:00:04"));
        using TcpClient client = await SendHalfAsync(service);

        Assert.NotEmpty(await service.SuggestAsync("articles", "K"));
        // In the end it is told that it took too long.
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 504 Gateway Timeout", await reader.ReadLineAsync());
        await AssertIdleAsync(service);
    }

    /// <summary>A service whose own limit is far off ends such a request by the rate at which the server wants bodies to come.</summary>
    [Fact]
    public async Task ABodyThatStallsIsEndedByTheServer()
    {
        using FormService service = FormService.Start(models,
            limits => limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(2)),
            ("Limits:Timeout", "01:00:00"));
        using TcpClient client = await SendHalfAsync(service);

        // The server closes the connection after its answer.
        using var reader = new StreamReader(client.GetStream());
        string answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("\"detail\":\"The body came too slowly.\"", answer, StringComparison.Ordinal);
        await AssertIdleAsync(service);
        await FormService.UntilAsync(() => service.Count("suggest refused") == 1, "it is counted");
        Assert.DoesNotContain(service.Log, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.Equal("Healthy", await service.Client.GetStringAsync("health/live"));
    }

    [Fact]
    public async Task AClientThatHangsUpWithinItsBodyLeavesNothingBehind()
    {
        using FormService service = FormService.Start(models, ("Limits:Timeout", "01:00:00"));
        using (await SendHalfAsync(service))
        {
            // It is closed here.
        }

        await AssertIdleAsync(service);
        await FormService.UntilAsync(() => service.Count("suggest refused") + service.Count("suggest cancelled") == 1, "it is counted");
        Assert.DoesNotContain(service.Log, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.NotEmpty(await service.SuggestAsync("articles", "K"));
    }

    [Fact]
    public async Task StreamsHavePlacesOfTheirOwn()
    {
        using FormService service = FormService.Start(models, ("Limits:Streams", "2"), ("Limits:Rows", "10000000"));
        const string Rows = "api/models/articles/rows?count=10000000&unique=false&new=false";
        // Readers that do not read.
        using HttpResponseMessage first = await service.Client.GetAsync(Rows, HttpCompletionOption.ResponseHeadersRead);
        using HttpResponseMessage second = await service.Client.GetAsync(Rows, HttpCompletionOption.ResponseHeadersRead);

        await ApiTests.AssertProblemAsync(await service.Client.GetAsync(Rows), HttpStatusCode.TooManyRequests, "is busy");
        Assert.NotEmpty(await service.SuggestAsync("articles", "K"));
    }

    [Fact]
    public async Task AStreamThatTakesTooLongEnds()
    {
        using FormService service = FormService.Start(models, ("Limits:StreamTimeout", "00:00:00.3"), ("Limits:Rows", "10000000"));
        const string Rows = "api/models/articles/rows?count=10000000&unique=false&new=false";

        // It breaks off, so that no one takes it for the whole.
        await Assert.ThrowsAsync<HttpRequestException>(() => service.Client.GetStringAsync(Rows));
        await AssertIdleAsync(service);
    }

    /// <summary>Sends a request but for most of its body, and waits until the service has it.</summary>
    private static async Task<TcpClient> SendHalfAsync(FormService service)
    {
        var client = new TcpClient("127.0.0.1", service.Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "POST /api/models/articles/suggest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"te"));
        await FormService.UntilAsync(() => service.Count("rnnlm.request.queued") == 1, "the request has come");
        return client;
    }

    private static Task AssertIdleAsync(FormService service) => FormService.UntilAsync(
        () => service.Count("rnnlm.request.active") == 0 && service.Count("rnnlm.request.queued") == 0,
        "nothing is worked on and nothing waits");
}
