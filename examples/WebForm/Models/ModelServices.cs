using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using WebForm.Service;

namespace WebForm.Models;

/// <summary>Models for endpoints whose route names one.</summary>
internal static class ModelServices
{
    public static void AddModels(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<FormSettings>("");
        builder.Services.AddSettings<ModelSettings>("Models");
        builder.Services.AddSingleton<IValidateOptions<ModelSettings>, ModelSettingsCheck>();
        builder.Services.AddSingleton<ModelPool>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ModelPool>());
        builder.Services.AddHealthChecks().AddCheck<ModelsHealth>("models");
    }

    /// <summary>Lends the model that the route names to each request of the endpoints, until its answer has been sent.</summary>
    public static RouteGroupBuilder LendModel(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (call, next) =>
        {
            HttpContext context = call.HttpContext;
            string name = (string)context.GetRouteValue("model")!;
            if (!context.RequestServices.GetRequiredService<ModelPool>().Models.TryGetValue(name, out ServedModel? model))
                return TypedResults.Problem("There is no model of this name.", statusCode: StatusCodes.Status404NotFound);
            if (model.Rent() is not { } lease)
            {
                context.Response.Headers.RetryAfter = "5";
                return TypedResults.Problem(
                    $"The model '{name}' is not loaded: its file {model.Fault ?? "is not read yet"}.",
                    statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            context.Response.RegisterForDispose(lease);
            context.Features.Set(lease);
            return await next(call);
        });
        return group;
    }

    /// <summary>Returns the model that was lent to a request.</summary>
    public static ModelLease Model(this HttpContext context) => context.Features.GetRequiredFeature<ModelLease>();
}
