// A form that completes and checks what is typed, and a page of test data made to order, in a browser.
// dotnet run             serves the page; any setting of appsettings.json can be given too, as --Limits:Queue=10 or Limits__Queue=10
// dotnet run -- train    trains the two models of the demonstration again, and ends; a service that runs takes them up
using Microsoft.Extensions.Options;
using WebForm.Api;
using WebForm.Demonstration;
using WebForm.Models;
using WebForm.Service;

// What the page needs of its own server, and nothing else.
const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddModels();
builder.AddRowStreams();
try
{
    WebApplication app = builder.Build();
    // What is wrong is told before anything is trained.
    _ = app.Services.GetRequiredService<IOptions<ServiceLimits>>().Value;
    var pool = app.Services.GetRequiredService<ModelPool>();
    bool trains = args is ["train", ..];
    if (trains || app.Services.GetRequiredService<IOptions<FormSettings>>().Value.Demonstration)
        DemonstrationModels.Train(pool, again: trains);
    if (trains)
        return 0;

    app.UseServiceDefaults(Policy);
    app.UseDefaultFiles();
    app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
    app.MapForm();
    app.MapRows();
    app.Run();
    return 0;
}
catch (OptionsValidationException exception)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, exception.Failures));
    return 1;
}
