using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RnnLm;
using WebForm.Models;
using WebForm.Service;

namespace WebForm.Api;

/// <summary>
/// Completes and checks texts. They come in the body of a request, never in its address, which proxies log.
/// </summary>
internal static class FormApi
{
    public static void MapForm(this WebApplication app)
    {
        RouteGroupBuilder model = app.MapGroup("/api/models/{model}").LendModel();
        model.RequireRateLimiting(ServiceDefaults.Work).WithRequestTimeout(ServiceDefaults.Work);
        model.MapPost("/suggest", Suggest).WithName("suggest");
        model.MapPost("/check", Check).WithName("check");
    }

    private static Results<Ok<SuggestAnswer>, ProblemHttpResult> Suggest(
        TextRequest request, HttpContext context, IOptions<ServiceLimits> limits, CancellationToken cancelled)
    {
        int count = request.Count ?? 5;
        if (FindFault(request, limits.Value) is { } fault)
            return Refuse(fault);
        if (count < 1 || count > limits.Value.Suggestions)
            return Refuse($"count must be from 1 to {limits.Value.Suggestions}.");
        ModelLease lent = context.Model();
        try
        {
            SuggestionList found = lent.Model.Suggest(request.Text!, lent.Setting.SuggestSome(count), lent.Setting.Condition, cancelled);
            return TypedResults.Ok(new SuggestAnswer(found, found.IsComplete, found.UnknownCharacters));
        }
        catch (ArgumentException unknown)
        {
            // A model that refuses characters which it does not know says which.
            return Refuse(unknown.Message);
        }
    }

    private static Results<Ok<CheckAnswer>, ProblemHttpResult> Check(
        TextRequest request, HttpContext context, IOptions<ServiceLimits> limits, CancellationToken cancelled)
    {
        if (FindFault(request, limits.Value) is { } fault)
            return Refuse(fault);
        ModelLease lent = context.Model();
        if (lent.Detector is not { } detector)
            return TypedResults.Problem("The model is not calibrated, so that it can't check.", statusCode: StatusCodes.Status404NotFound);
        try
        {
            TextCheck check = detector.CheckAll([TextRow.Row(request.Text!, lent.Setting.Condition)], cancelled).Single();
            int? position = check.LeastLikelyPosition < 0 ? null : check.LeastLikelyPosition;
            return TypedResults.Ok(new CheckAnswer(check.IsAnomaly, check.PValue, position, check.Suggestion));
        }
        catch (ArgumentException unknown)
        {
            return Refuse(unknown.Message);
        }
    }

    private static string? FindFault(TextRequest request, ServiceLimits limits) => request.Text switch
    {
        null => "text is missing.",
        { Length: var length } when length > limits.TextLength => $"text may have {limits.TextLength} characters at most.",
        _ => null,
    };

    private static ProblemHttpResult Refuse(string fault) => TypedResults.Problem(fault, statusCode: StatusCodes.Status400BadRequest);
}
