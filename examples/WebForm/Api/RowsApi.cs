using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using RnnLm;
using WebForm.Models;
using WebForm.Service;

namespace WebForm.Api;

/// <summary>Writes rows of test data: as a stream of events, and as a file. The same seed gives the same rows in both.</summary>
internal static class RowsApi
{
    /// <summary>The name of the limit and of the timeout: a slow reader takes no place from the form.</summary>
    private const string Streams = "streams";

    public static void AddRowStreams(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<ServiceLimits>>((limiter, limits) =>
            limiter.AddConcurrencyLimit(Streams, limits.Value.Streams, queue: 0));
        builder.Services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<ServiceLimits>>((timeouts, limits) =>
            timeouts.AddPolicy(Streams, limits.Value.StreamTimeout));
    }

    public static void MapRows(this WebApplication app)
    {
        RouteGroupBuilder model = app.MapGroup("/api/models/{model}").LendModel();
        model.RequireRateLimiting(Streams).WithRequestTimeout(Streams);
        model.MapGet("/rows", Stream).WithName("rows");
        model.MapGet("/rows.csv", Download).WithName("rows.csv");
    }

    private static IResult Stream(
        [AsParameters] RowsRequest request, HttpContext context, IOptions<ServiceLimits> limits, CancellationToken cancelled)
    {
        if (Generate(request, context.Model(), limits.Value, out RowGenerator rows) is { } refusal)
            return refusal;
        return TypedResults.ServerSentEvents(Events(rows, cancelled));
    }

    private static IResult Download(
        string model, [AsParameters] RowsRequest request, HttpContext context, IOptions<ServiceLimits> limits, CancellationToken cancelled)
    {
        if (Generate(request, context.Model(), limits.Value, out RowGenerator rows) is { } refusal)
            return refusal;
        return Results.Stream(body => WriteAsync(body, rows, cancelled), "text/csv; charset=utf-8", $"{model}.csv");
    }

    private static IResult? Generate(RowsRequest request, ModelLease lent, ServiceLimits limits, out RowGenerator rows)
    {
        rows = null!;
        int count = request.Count ?? 20;
        if (count < 1 || count > limits.Rows)
            return Refuse($"count must be from 1 to {limits.Rows}.");
        RnnLanguageModel model = lent.Model;
        if (request.New == true && model.TrainingText is null)
            return Refuse("new must be false or left out, as this model does not keep which rows are in its training data.");
        // Numbers of up to 53 bits reach a script whole.
        var options = new GenerateOptions
        {
            Rows = count, Unique = request.Unique ?? true, Seed = request.Seed ?? Random.Shared.NextInt64(1L << 53),
        };
        rows = new RowGenerator(options, new GenerateColumn(model)
        {
            New = request.New ?? model.TrainingText is not null,
            ConditionWeights = lent.Setting.Condition is { } condition ? ConditionWeights.Only(condition) : null,
        });
        return null;

        static IResult Refuse(string fault) => TypedResults.Problem(fault, statusCode: StatusCodes.Status400BadRequest);
    }

    /// <summary>Returns an event "start" with the seed, a "row" for each text, and an "end" that says whether anything is
    /// missing.</summary>
    private static async IAsyncEnumerable<SseItem<object>> Events(
        RowGenerator generator, [EnumeratorCancellation] CancellationToken cancelled)
    {
        await Task.Yield();
        yield return new(new { generator.Seed }, "start");
        int missing = 0;
        string? fault = null;
        using IEnumerator<GeneratedRow> rows = generator.Rows(cancelled).GetEnumerator();
        while (true)
        {
            try
            {
                if (!rows.MoveNext())
                    break;
            }
            catch (GenerationExhaustedException exception)
            {
                fault = exception.Message;
                break;
            }

            if (rows.Current.IsMissing)
                missing++;
            else
                yield return new(new { rows.Current.Number, rows.Current.Values }, "row");
        }

        yield return new(new { Missing = missing, Fault = fault }, "end");
    }

    private static async Task WriteAsync(Stream body, RowGenerator generator, CancellationToken cancelled)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.NewLine = "\r\n";
        await writer.WriteLineAsync(Line(generator.Names));
        foreach (GeneratedRow row in generator.Rows(cancelled).Where(row => !row.IsMissing))
            await writer.WriteLineAsync(Line(row.Values).AsMemory(), cancelled);
    }

    /// <summary>Returns a line of CSV by RFC 4180, without its end.</summary>
    private static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(field =>
        field.AsSpan().ContainsAny(',', '"') || field.AsSpan().ContainsAny('\r', '\n')
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field));
}
