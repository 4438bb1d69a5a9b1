namespace RnnLm.Cli;

/// <summary>Writes a project around a model's two files.</summary>
internal static class ProjectCode
{
    /// <summary>Returns the project's files beside those of the model.</summary>
    public static IReadOnlyList<(string Name, string Text)> Write(GeneratedModel model, ProjectKind kind) =>
    [
        (model.Namespace + ".csproj", Project(model, kind)),
        ("Program.cs", kind == ProjectKind.Console ? Console(model) : model.Config.Classifies ? ClassifierWeb(model) : Web(model)),
    ];

    /// <summary>Returns the packages that the two files of a model need.</summary>
    public static IEnumerable<(string Name, string Version)> Packages(GeneratedModel model)
    {
        yield return ("RnnLm.MLNet", SavedModelReader.Producer.Split(' ')[1]);
        if (model.IsTable)
            yield return ("CsvHelper", "33.1.0");
    }

    private static string Project(GeneratedModel model, ProjectKind kind)
    {
        IEnumerable<(string Name, string Version)> packages = Packages(model);
        if (kind == ProjectKind.Web)
            packages = packages.Prepend(("Microsoft.Extensions.ML", "5.0.0"));
        string references = string.Join("\n    ", packages.Select(package => $"<PackageReference Include=\"{package.Name}\" Version=\"{package.Version}\" />"));
        // Without a GPU no native library is needed.
        string cuda = model.Gpu is null ? "" : """

              <!-- The GPU's part of libtorch. -->
              <ItemGroup>
                <PackageReference Include="libtorch-cuda-12.1-linux-x64" Version="2.5.1" Condition="$([MSBuild]::IsOSPlatform('Linux'))" />
                <PackageReference Include="libtorch-cuda-12.1-win-x64" Version="2.5.1" Condition="$([MSBuild]::IsOSPlatform('Windows'))" />
              </ItemGroup>
            """;
        return $"""
            <Project Sdk="Microsoft.NET.Sdk{(kind == ProjectKind.Web ? ".Web" : "")}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                {references}
              </ItemGroup>{cuda}
              <!-- A model that lies here goes with the program. -->
              <ItemGroup>
                <None Update="{model.FileName}.zip" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>

            """.ReplaceLineEndings("\n");
    }

    private static string Console(GeneratedModel model) => $$"""
        // dotnet run -- train [DATA...] [--model FILE] [--device cuda:1]     trains a model, and saves it
        // dotnet run -- predict TEXT... [--model FILE]{{(model.HasCondition ? " [--condition NAME] " : "                    ")}}   {{(model.Config.Classifies ? "tells their labels" : "continues them")}}
        using {{model.Namespace}};
        using RnnLm;

        var arguments = args.ToList();
        string model = Take("--model") ?? {{CSharp.Literal(model.FileName + ".zip")}};
        string device = Take("--device") ?? {{model.Name}}.RetrainDevice;{{(model.HasCondition ? "\nstring condition = Take(\"--condition\") ?? \"\";" : "")}}
        switch (arguments)
        {
            case ["train", .. var files]:
                using (var stop = new CancellationTokenSource())
                {
                    Console.CancelKeyPress += (_, e) =>
                    {
                        // The first time stops training and keeps the best; the second time ends the program.
                        e.Cancel = !stop.IsCancellationRequested;
                        stop.Cancel();
                    };
                    {{model.Name}}.Train(model, files.Count > 0 ? files : null, device, new ConsoleProgress(), stop.Token);
                    Console.WriteLine($"Saved {model}");
                }

                return 0;
            case ["predict", .. var texts]:
                foreach (string text in texts)
                    Console.WriteLine({{Answer(model)}});
                return 0;
            default:
                Console.Error.WriteLine("train [DATA...] [--model FILE] [--device DEVICE], or predict TEXT... [--model FILE]");
                return 2;
        }

        string? Take(string option)
        {
            int at = arguments.IndexOf(option);
            if (at < 0 || at + 1 >= arguments.Count)
                return null;
            string value = arguments[at + 1];
            arguments.RemoveRange(at, 2);
            return value;
        }

        internal sealed class ConsoleProgress : IProgress<TrainingProgress>
        {
            public void Report(TrainingProgress value) => Console.Error.WriteLine(
                $"epoch {value.Epoch}  step {value.Step:N0}  loss {value.Loss:F4}{(value.ValidationLoss is double loss ? $"  validation {loss:F4}" : "")}  {value.CharactersPerSecond:N0} chars/s");
        }

        """.ReplaceLineEndings("\n");

    private static string Answer(GeneratedModel model)
    {
        if (model.Config.Classifies)
            return $"{model.Name}.PredictAllLabels(new {model.Name}.ModelInput {{ Text = text }}, model)[0].Key + \"\\t\" + text";
        string predicted = $"{model.Name}.Predict(new {model.Name}.ModelInput {{ Text = text{(model.HasCondition ? ", Condition = condition" : "")} }}, model).Continuation";
        return "text + " + (model.Config.Options.Sampling.NumSamples > 1 ? $"string.Join(\" | \", {predicted})" : predicted);
    }

    private static string ClassifierWeb(GeneratedModel model) => $$"""
        // dotnet run -- [--model FILE] [--urls http://localhost:5000]
        // POST /predict {"text": "…"}    the labels and their probabilities, the most likely first
        using {{model.Namespace}};
        using Microsoft.Extensions.ML;

        const string ModelName = {{CSharp.Literal(model.FileName)}};
        const int MaximumLength = 2000;

        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddPredictionEnginePool<{{model.Name}}.ModelInput, {{model.Name}}.ModelOutput>()
            .FromFile(ModelName, builder.Configuration["model"] ?? {{model.Name}}.ModelPath, watchForChanges: true);
        WebApplication app = builder.Build();

        app.MapPost("/predict", (PredictionEnginePool<{{model.Name}}.ModelInput, {{model.Name}}.ModelOutput> pool, {{model.Name}}.ModelInput input) =>
        {
            if (input.Text is not { Length: <= MaximumLength })
                return Results.BadRequest($"text must be there, and have at most {MaximumLength} characters.");
            var engine = pool.GetPredictionEngine(ModelName);
            try
            {
                return Results.Ok({{model.Name}}.NameScores(engine.OutputSchema, engine.Predict(input).Score));
            }
            finally
            {
                pool.ReturnPredictionEngine(ModelName, engine);
            }
        });

        app.Run();

        """.ReplaceLineEndings("\n");

    private static string Web(GeneratedModel model) => $$"""
        // dotnet run -- [--model FILE] [--urls http://localhost:5000]
        // POST /predict {"text": "…"}                                          one answer, by the settings saved with the model
        // POST /stream  {"text": "…", "maxLength": 200, "temperature": 0.8}    the text as it is written{{(model.HasCondition ? "\n// Both take a \"condition\" too." : "")}}
        using System.Text;
        using {{model.Namespace}};
        using Microsoft.Extensions.ML;
        using RnnLm;

        const string ModelName = {{CSharp.Literal(model.FileName)}};
        const int MaximumPromptLength = 2000, MaximumLength = 2000;

        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddPredictionEnginePool<{{model.Name}}.ModelInput, {{model.Name}}.ModelOutput>()
            .FromFile(ModelName, builder.Configuration["model"] ?? {{model.Name}}.ModelPath, watchForChanges: true);
        WebApplication app = builder.Build();

        app.MapPost("/predict", (PredictionEnginePool<{{model.Name}}.ModelInput, {{model.Name}}.ModelOutput> pool, {{model.Name}}.ModelInput input) =>
            Refuse(input, Model(pool)) ?? Results.Ok(pool.Predict(ModelName, input)));

        app.MapPost("/stream", (PredictionEnginePool<{{model.Name}}.ModelInput, {{model.Name}}.ModelOutput> pool, StreamRequest request, CancellationToken aborted) =>
        {
            RnnLanguageModel model = Model(pool);
            SamplingOptions sampling = model.Sampling;
            (sampling.NumSamples, sampling.Beams, sampling.IncludePrompt, sampling.MinLength) = (1, 1, false, 0);
            (sampling.MaxLength, sampling.Temperature) = (request.MaxLength ?? sampling.MaxLength, request.Temperature ?? sampling.Temperature);
            sampling.Seed = request.Seed ?? sampling.Seed;
            if (Refuse(request, model) is { } refusal)
                return refusal;
            if (request.MaxLength is < 0 or > MaximumLength)
                return Results.BadRequest($"maxLength must be from 0 to {MaximumLength}.");
            if (request.Temperature is < 0 or > 100)
                return Results.BadRequest("temperature must be from 0 to 100.");
            return Results.Stream(async body =>
            {
                await foreach (string piece in model.GenerateAsync(request.Text, sampling{{(model.HasCondition ? ", request.Condition" : "")}}, cancellationToken: aborted))
                {
                    await body.WriteAsync(Encoding.UTF8.GetBytes(piece), aborted);
                    await body.FlushAsync(aborted);
                }
            }, "text/plain; charset=utf-8");
        });

        app.Run();

        static RnnLanguageModel Model(PredictionEnginePool<{{model.Name}}.ModelInput, {{model.Name}}.ModelOutput> pool) => {{model.Name}}.FindLanguageModel(pool.GetModel(ModelName)).Model;

        static IResult? Refuse({{model.Name}}.ModelInput input, RnnLanguageModel model)
        {
            if (input.Text is not { Length: <= MaximumPromptLength })
                return Results.BadRequest($"text must be there, and have at most {MaximumPromptLength} characters.");
        {{(model.HasCondition ? """
                if (!model.Conditions.Contains(input.Condition))
                    return Results.BadRequest($"condition must be one of {string.Join(", ", model.Conditions)}.");
                return null;
            """ : """
                return null;
            """)}}
        }

        internal sealed class StreamRequest : {{model.Name}}.ModelInput
        {
            public int? MaxLength { get; set; }

            public double? Temperature { get; set; }

            public long? Seed { get; set; }
        }

        """.ReplaceLineEndings("\n");
}
