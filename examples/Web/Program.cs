// Written by 'rnnlm codegen' (RnnLm 0.1.0) from messages.rnnlm.json. It is yours to change.
// dotnet run -- [--model FILE] [--urls http://localhost:5000]
// POST /predict {"text": "…"}                                          one answer, by the settings saved with the model
// POST /stream  {"text": "…", "maxLength": 200, "temperature": 0.8}    the text as it is written
// GET  /health/live, /health/ready. Limits are in appsettings.json.
using System.Text;
using Microsoft.Extensions.Options;
using Web;
using RnnLm;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string path = Path.GetFullPath(builder.Configuration["model"] ?? Messages.ModelPath);
if (!File.Exists(path))
{
    Console.Error.WriteLine($"There is no model '{path}'. Put it there, or name another with --model FILE.");
    return 1;
}

builder.AddServiceDefaults();
builder.Services.AddSingleton(services => new ModelPool(path, services.GetRequiredService<ILogger<ModelPool>>()));
builder.Services.AddHostedService(services => services.GetRequiredService<ModelPool>());
builder.Services.AddHealthChecks().AddCheck<ModelPool>("models");
// Each request is lent the model, and gives it back when its answer has been sent.
builder.Services.AddScoped(services => services.GetRequiredService<ModelPool>().Rent());
WebApplication app;
ServiceLimits limits;
try
{
    // A setting that is wrong and a model that can't be loaded are told here.
    app = builder.Build();
    limits = app.Services.GetRequiredService<IOptions<ServiceLimits>>().Value;
    app.Services.GetRequiredService<ModelPool>();
}
catch (Exception exception) when (exception is OptionsValidationException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

app.UseServiceDefaults();
RouteGroupBuilder work = app.MapGroup("");
work.RequireRateLimiting(ServiceDefaults.Work).WithRequestTimeout(ServiceDefaults.Work);

work.MapPost("/predict", (ModelLease model, PredictRequest input) =>
    FindFault(input, model.LanguageModel) is { } fault ? Refuse(fault) : Results.Ok(model.Engine.Predict(input))).WithName("predict");

work.MapPost("/stream", (ModelLease model, StreamRequest request, CancellationToken aborted) =>
{
    if (FindFault(request, model.LanguageModel) is { } fault)
        return Refuse(fault);
    if (request.MaxLength < 0 || request.MaxLength > limits.MaxLength)
        return Refuse($"maxLength must be from 0 to {limits.MaxLength}.");
    if (request.Temperature is < 0 or > 100)
        return Refuse("temperature must be from 0 to 100.");
    SamplingOptions sampling = model.LanguageModel.Sampling;
    (sampling.NumSamples, sampling.Beams, sampling.IncludePrompt, sampling.MinLength) = (1, 1, false, 0);
    sampling.MaxLength = request.MaxLength ?? sampling.MaxLength;
    sampling.Temperature = request.Temperature ?? sampling.Temperature;
    sampling.Seed = request.Seed ?? sampling.Seed;
    IAsyncEnumerable<string> pieces = model.LanguageModel.GenerateAsync(request.Text, sampling, cancellationToken: aborted);
    return Results.Stream(async body =>
    {
        await foreach (string piece in pieces)
        {
            await body.WriteAsync(Encoding.UTF8.GetBytes(piece), aborted);
            await body.FlushAsync(aborted);
        }
    }, "text/plain; charset=utf-8");
}).WithName("stream");

app.Run();
return 0;

string? FindFault(Messages.ModelInput input, RnnLanguageModel model)
{
    if (input.Text is null)
        return "text is missing.";
    if (input.Text.Length > limits.TextLength)
        return $"text may have {limits.TextLength} characters at most.";
    return null;
}

static IResult Refuse(string fault) => Results.Problem(fault, statusCode: StatusCodes.Status400BadRequest);

internal class PredictRequest : Messages.ModelInput
{
    // A text that is left out is not an empty one.
    public PredictRequest() => Text = null!;
}

internal sealed class StreamRequest : PredictRequest
{
    public int? MaxLength { get; set; }

    public double? Temperature { get; set; }

    public long? Seed { get; set; }
}
