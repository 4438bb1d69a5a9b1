using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RnnLm.MLNet.Tests;

/// <summary>A generated web API that runs, on a port of its own.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _log = [];

    private WebServer(Process process) => _process = process;

    /// <summary>Gets a client that has 16 connections.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 16 });

    /// <summary>Starts the program of a project, whether or not it will listen.</summary>
    public static Process Start(GeneratedProject project, string model, params string[] arguments) =>
        Process.Start(Tool.Start(project.Folder, [project.Program, "--urls", "http://127.0.0.1:0", "--model", model, .. arguments]))!;

    /// <summary>Starts the program of a project, and waits until it listens.</summary>
    public static async Task<WebServer> StartAsync(GeneratedProject project, string model)
    {
        var server = new WebServer(Start(project, model));
        const string Listening = "Now listening on: ";
        server.Read(server._process.StandardOutput);
        server.Read(server._process.StandardError);
        string line = await server.WaitForLogAsync(Listening);
        server.Client.BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim());
        return server;
    }

    /// <summary>Sends a request that must be answered.</summary>
    public async Task<string> PostAsync(string path, object request)
    {
        HttpResponseMessage answer = await Client.PostAsJsonAsync(path, request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {text}");
        return text;
    }

    /// <summary>Gets what was logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    /// <summary>Checks that an answer is a problem in the form of RFC 9457.</summary>
    public static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string? detail)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        JsonElement problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(detail, problem.TryGetProperty("detail", out JsonElement text) ? text.GetString() : null);
    }

    /// <summary>Waits for a line of the log.</summary>
    public async Task<string> WaitForLogAsync(string part)
    {
        for (int i = 0; i < 1200; i++)
        {
            lock (_log)
            {
                if (_log.Find(line => line.Contains(part, StringComparison.Ordinal)) is { } line)
                    return line;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"The log has no '{part}': {string.Join('\n', _log)}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Read(StreamReader output) => _ = Task.Run(async () =>
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_log)
                _log.Add(line);
        }
    });
}
