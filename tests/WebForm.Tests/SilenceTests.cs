using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using RnnLm;
using WebForm.Service;

namespace WebForm.Tests;

/// <summary>What is typed is neither logged nor sent to a collector, whatever becomes of the request.</summary>
[Collection(FormTests.Name)]
public sealed class SilenceTests(TrainedModels models)
{
    private const string Secret = "Zqvxsecret";

    [Fact]
    public async Task TheLogHasNoTexts()
    {
        using FormService service =
            FormService.Start(models, ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"));
        using (RnnLanguageModel strict = Tiny.Train(["abc", "cab"], filter: true, UnknownCharacterPolicy.Throw))
            strict.Save(service.Messages);
        await FormService.UntilAsync(() => service.Log.Count(line => line.Contains("The model messages was loaded")) == 2,
            "it is taken up");
        await SendSecretsAsync(service);
        // A model that refuses characters says to the client alone which.
        await ApiTests.AssertProblemAsync(await service.PostAsync("messages/suggest", new { text = "Ω" }), HttpStatusCode.BadRequest,
            "'Ω'");

        Assert.Contains(service.Log, line => line.Contains("/api/models/articles/suggest", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Log, line => line.Contains(Secret[..5], StringComparison.OrdinalIgnoreCase) || line.Contains('Ω'));
    }

    [Fact]
    public async Task AFailureIsLoggedByItsTypeAndPlaceAlone()
    {
        using var log = new LogLines();
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.AddServiceDefaults();
        await using WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseServiceDefaults();
        app.MapGet("/fail", string () => throw new InvalidOperationException(Secret)).RequireRateLimiting(ServiceDefaults.Work);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        HttpResponseMessage answer = await client.GetAsync("fail");
        await ApiTests.AssertProblemAsync(answer, HttpStatusCode.InternalServerError, "The log of the service says where.");
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        string failure = log.Lines.Single(line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.True(failure.Contains("System.InvalidOperationException in HTTP: GET /fail", StringComparison.Ordinal), failure);
        Assert.Contains(nameof(SilenceTests), failure, StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MetricsAndTracesGoToACollectorWhereOneIsNamedAndHaveNoTexts()
    {
        var received = new List<(string Path, string Body)>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            lock (received)
                received.Add((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.StartAsync();
        string address = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        using (FormService service =
            FormService.Start(models, ("OTEL_EXPORTER_OTLP_ENDPOINT", address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            await SendSecretsAsync(service);
            await service.Client.GetAsync("health/live");
        }

        await FormService.UntilAsync(() => Has("/v1/metrics", "rnnlm.request.duration") && Has("/v1/traces", "suggest"), "both are sent");
        Assert.True(Has("/v1/metrics", "http.server.request.duration") && Has("/v1/traces", "WebForm"));
        Assert.False(Has("/v1/traces", "health"));
        Assert.All(received, item => Assert.DoesNotContain(Secret, item.Body, StringComparison.OrdinalIgnoreCase));

        bool Has(string path, string part)
        {
            lock (received)
                return received.Exists(item => item.Path == path && item.Body.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void NothingIsSentWhereNoCollectorIsNamed()
    {
        using FormService service = FormService.Start(models);
        Assert.Null(service.Services.GetService<TracerProvider>());
    }

    private static async Task SendSecretsAsync(FormService service)
    {
        await service.SuggestAsync("articles", Secret);
        await service.AskAsync("messages/suggest", new { text = "abc" });
        await service.AskAsync("articles/check", new { text = Secret });
        foreach (string body in (string[])[$"{{\"text\":\"{Secret}", $"{{\"text\":{Secret}}}", $"{{\"text\":[\"{Secret}\"]}}",
            Secret + new string(' ', 20_000)])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            Assert.False((await service.Client.PostAsync("api/models/articles/suggest", content)).IsSuccessStatusCode);
        }

        await service.PostAsync("articles/suggest", new { text = Secret, count = 0 });
        await service.PostAsync("nothing/suggest", new { text = Secret });
        await service.PostAsync("articles/suggest", new { text = Secret + new string('x', 600) });
    }
}
