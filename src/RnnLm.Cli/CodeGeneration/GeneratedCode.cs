using System.Reflection;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.CodeGeneration;

/// <summary>Writes a model's files from their templates, which are in the folder Templates.</summary>
internal static class GeneratedCode
{
    // In the order in which they are written.
    private static readonly string[] Groups =
    [
        nameof(LanguageModelOptions.Data), nameof(LanguageModelOptions.Vocabulary), nameof(LanguageModelOptions.Model),
        nameof(LanguageModelOptions.Optimizer), nameof(LanguageModelOptions.Training), nameof(LanguageModelOptions.Device),
        nameof(LanguageModelOptions.Sampling), nameof(TextClassifierOptions.Classifier),
    ];

    /// <summary>
    /// Returns <c>NAME.training.cs</c>, which makes the model, <c>NAME.consumption.cs</c>, which uses it, and a project where one is asked
    /// for.
    /// </summary>
    public static IReadOnlyList<(string Name, string Text)> Write(GeneratedModel model, ProjectKind? project)
    {
        Dictionary<string, string?> values = Values(model, project);
        (string Name, string Template)[] files =
        [
            ($"{model.Name}.training.cs", "training.cs"),
            ($"{model.Name}.consumption.cs", "consumption.cs"),
            .. ProjectFiles(model, project),
        ];
        return [.. files.Select(file => (file.Name, CodeTemplate.Read(file.Template).Fill(values)))];
    }

    private static IEnumerable<(string Name, string Template)> ProjectFiles(GeneratedModel model, ProjectKind? project)
    {
        if (project is null)
            yield break;
        yield return ($"{model.Namespace}.csproj", "project.csproj");
        if (project == ProjectKind.Console)
        {
            yield return ("Program.cs", "console.cs");
            yield break;
        }

        yield return ("Program.cs", model.Config.Kind.WebTemplate);
        yield return ("ModelPool.cs", "model-pool.cs");
        yield return ("ServiceDefaults.cs", "service-defaults.cs");
        yield return ("ServiceLimits.cs", "service-limits.cs");
        yield return ("ServiceSettings.cs", "service-settings.cs");
        yield return ("ServiceTelemetry.cs", "service-telemetry.cs");
        yield return ("appsettings.json", "appsettings.json");
    }

    /// <summary>Returns what fills the gaps of the templates. What is not there is <see langword="null"/>.</summary>
    private static Dictionary<string, string?> Values(GeneratedModel model, ProjectKind? project)
    {
        LanguageModelOptions options = model.Config.Options;
        SourceOptions source = model.Config.Source;
        (string Name, int? Index)[] fields = [.. model.Fields];
        (string Name, string Version)[] packages = [.. Packages(model)];
        return new(StringComparer.Ordinal)
        {
            ["Producer"] = SavedModelReader.Producer,
            ["Source"] = model.Source,
            ["Version"] = PackageVersions.Of("RnnLm.MLNet"),
            ["Packages"] = string.Join(", ", packages.Select(package => $"{package.Name} {package.Version}")),
            ["PackageReferences"] = string.Join('\n', packages.Concat(ProjectPackages(project)).Select(package =>
                $"""<PackageReference Include="{package.Name}" Version="{package.Version}" />""")),
            ["Web"] = If(project == ProjectKind.Web),

            ["Name"] = model.Name,
            ["Namespace"] = model.Namespace,
            ["FileName"] = model.FileName,
            ["ModelFile"] = CSharp.Literal(model.FileName + ".zip"),
            ["Kind"] = model.Config.Kind.CodeName,
            ["Classifier"] = If(model.Config.Kind.ReadsLabels),
            ["LanguageModel"] = If(!model.Config.Kind.ReadsLabels),

            ["Files"] = CSharp.Literal(model.Files),
            ["Validation"] = model.Validation.Count > 0 ? CSharp.Literal(model.Validation) : null,
            ["Previous"] = model.Previous is { } previous ? CSharp.Literal(previous) : null,
            ["Encoding"] = source.Encoding is { } encoding ? CSharp.Literal(encoding) : null,

            ["Table"] = If(model.IsTable),
            ["Separator"] = model.IsTable ? CSharp.Literal(source.SeparatorOf(source.Files[0])) : null,
            ["Header"] = CSharp.Literal(source.Header),
            ["Quotes"] = CSharp.Literal(source.Quotes),
            ["TextIndex"] = CSharp.Literal(model.TextIndex),
            ["Target"] = If(model.HasTarget),
            ["TargetIndex"] = Number(model.TargetIndex),
            ["Category"] = model.Category,
            ["CategoryIndex"] = Number(model.CategoryIndex),
            ["Condition"] = If(model.HasCondition),
            ["TableFields"] = string.Join(", ", fields.Where(column => column.Index is not null)
                .Select(column => $"{column.Name} = fields[{column.Index}]")),

            ["Stream"] = If(model.Config.Mode == DataMode.Stream),
            ["LineParts"] = fields.Length > 1 ? CSharp.Literal(fields.Length) : null,
            ["LineForm"] = string.Join(", a tab, ", model.LineParts.Select(part => part.ToLowerInvariant())),
            ["LineFields"] = string.Join(", ", model.LineParts.Select((part, i) => $"{part} = parts[{i}]")),

            ["Device"] = CSharp.Literal(options.Device.Device ?? "auto"),
            ["Gpu"] = CSharp.Literal(model.Gpu),
            ["LibTorch"] = PackageVersions.Of("libtorch"),
            ["Cuda"] = If(model.Gpu is not null),
            ["Samples"] = options.Sampling.NumSamples > 1 ? CSharp.Literal(options.Sampling.NumSamples) : null,
            ["Options"] = string.Join('\n', Options(model)),
        };

        static string? If(bool there) => there ? "" : null;

        static string? Number(int? index) => index is null ? null : CSharp.Literal(index);
    }

    /// <summary>Returns the packages that the two files of a model need.</summary>
    private static IEnumerable<(string Name, string Version)> Packages(GeneratedModel model)
    {
        yield return Package("RnnLm.MLNet");
        if (model.IsTable)
            yield return Package("CsvHelper");
    }

    /// <summary>Returns the packages that a project needs besides.</summary>
    private static IEnumerable<(string Name, string Version)> ProjectPackages(ProjectKind? project) => project == ProjectKind.Web
        ? [Package("OpenTelemetry.Exporter.OpenTelemetryProtocol"), Package("OpenTelemetry.Extensions.Hosting"),
            Package("OpenTelemetry.Instrumentation.AspNetCore")]
        : [];

    private static (string Name, string Version) Package(string name) => (name, PackageVersions.Of(name));

    /// <summary>Returns the lines of the trainer's options.</summary>
    private static IEnumerable<string> Options(GeneratedModel model)
    {
        TaskKind kind = model.Config.Kind;
        TrainerOptions options = kind.Options(model.Config);
        yield return $"{kind.InputOption}ColumnName = nameof(ModelInput.Text),";
        yield return $"{kind.OutputOption}ColumnName = nameof(ModelOutput.{kind.OutputProperty}),";
        if (model.HasTarget)
            yield return "TargetColumnName = nameof(ModelInput.Target),";
        if (model.Category is { } category)
            yield return $"{category}ColumnName = nameof(ModelInput.{category}),";
        foreach (PropertyInfo group in kind.OptionsType.GetProperties().OrderBy(group => Array.IndexOf(Groups, group.Name)))
        {
            object value = group.GetValue(options)!;
            string[] given = value switch
            {
                TrainingOptions => ["Progress = progress", "CancellationToken = cancellationToken"],
                DeviceOptions => ["Device = device"],
                _ => [],
            };
            string[] assignments = [.. CSharp.Assignments(group.PropertyType, value), .. given];
            if (assignments.Length > 0)
                yield return $"{group.Name} = {{ {string.Join(", ", assignments)} }},";
        }
    }
}
