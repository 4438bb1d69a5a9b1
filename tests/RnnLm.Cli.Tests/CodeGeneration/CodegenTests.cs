using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using RnnLm.Cli.CodeGeneration;
using RnnLm.ModelFiles;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.CodeGeneration;

/// <summary>What is written, as text. That it builds and makes the same models is tested with ML.NET, on the same files.</summary>
public sealed class CodegenTests : IDisposable
{
    private static readonly string Generated = TestData.InRepository("tests", "RnnLm.MLNet.Tests", "CodeGeneration", "Generated");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Configs => [.. Directory.GetFiles(Generated, "*.rnnlm.json").Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Configs))]
    public void TheCodeThatIsTestedWithMLNETIsWhatIsWritten(string config)
    {
        File.Copy(Path.Combine(Generated, config), _folder[config]);

        CliRun run = CliRun.Ok("codegen", _folder[config], "--namespace", "RnnLm.MLNet.Tests.Generated", "--json");

        JsonElement written = JsonDocument.Parse(run.Output).RootElement.GetProperty("files");
        string[] files = [.. written.EnumerateArray().Select(file => file.GetString()!)];
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(Generated, Path.GetFileName(file))), File.ReadAllText(file)));
    }

    [Fact]
    public void TheExampleOfAWebAPIIsWhatIsWritten()
    {
        string example = TestData.InRepository("examples", "Web");
        File.Copy(Path.Combine(example, "messages.rnnlm.json"), _folder["messages.rnnlm.json"]);

        CliRun.Ok("codegen", _folder["messages.rnnlm.json"], "--project", "web", "--namespace", "Web", "--output", _folder.Path);

        // The example's own project refers to projects of the repository.
        string[] written = Names(_folder.Path);
        Assert.Equal(Names(example), written);
        Assert.All(written, file => Assert.Equal(File.ReadAllText(Path.Combine(example, file)), File.ReadAllText(_folder[file])));

        static string[] Names(string folder) => [.. Directory.GetFiles(folder, "*.cs").Append("appsettings.json")
            .Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
    }

    /// <summary>What the tests of that service hold is true of each project that is written.</summary>
    [Theory]
    [InlineData("ServiceDefaults.cs")]
    [InlineData("ServiceSettings.cs")]
    [InlineData("ServiceTelemetry.cs")]
    public void TheServiceOfTheFormIsThatOfTheWebAPI(string file)
    {
        string written = File.ReadAllText(TestData.InRepository("examples", "Web", file));
        string form = File.ReadAllText(TestData.InRepository("examples", "WebForm", "Service", file));

        Assert.Equal(
            written[(written.IndexOf('\n', StringComparison.Ordinal) + 1)..],
            form.Replace("namespace WebForm.Service;", "namespace Web;", StringComparison.Ordinal)
                .Replace("\"WebForm\"", "\"Web\"", StringComparison.Ordinal));
    }

    public static TheoryData<string> Groups => [.. typeof(LanguageModelOptions).GetProperties().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Groups))]
    public void EveryOptionThatIsNotAtItsDefaultIsInTheCode(string group)
    {
        // What belongs to a run, or is handed over by a parameter.
        string[] handedOver = ["Progress", "Log", "CancellationToken", "CheckpointPath", "Resume", "OverwriteCheckpoint", "Device"];
        object options = typeof(LanguageModelOptions).GetProperty(group)!.GetValue(new LanguageModelOptions())!;
        Assert.Empty(CSharp.Assignments(options.GetType(), options));
        PropertyInfo[] properties = [.. options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && !handedOver.Contains(p.Name))];
        Assert.NotEmpty(properties);
        foreach (PropertyInfo property in properties)
            property.SetValue(options, Other(property.PropertyType, property.GetValue(options)));

        Assert.Equal(
            properties.Select(property => property.Name),
            CSharp.Assignments(options.GetType(), options).Select(assignment => assignment.Split(" = ")[0]));
    }

    [Fact]
    public void AModelFileGivesTheCodeThatMadeIt()
    {
        File.WriteAllText(_folder["names.csv"], "Id,Name\n" + string.Concat(Enumerable.Repeat("1,anna\n2,otto\n", 20)));
        CliRun.Ok("train", _folder["names.csv"], "--text-column", "Name", "--mode", "rows", "--hidden-size", "9", "--steps", "3",
            "--threads", "1", "-o", _folder["names.zip"]);
        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["names.zip"]);
        File.Delete(_folder["names.csv"]);

        CliRun.Ok("codegen", _folder["names.zip"], "--project", "console");

        string code = File.ReadAllText(Path.Combine(_folder["NamesApp"], "Names.training.cs"));
        Assert.Contains("namespace NamesApp;", code, StringComparison.Ordinal);
        Assert.Contains("yield return new ModelInput { Text = fields[1] };", code, StringComparison.Ordinal);
        Assert.Contains("Model = { HiddenSize = 9 },", code, StringComparison.Ordinal);
        Assert.Contains($"Training = {{ Epochs = 0, MaxSteps = 3, Seed = {model.TrainingSummary!.Seed}, ", code, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, code, StringComparison.Ordinal);
        Assert.DoesNotContain("rnnlm.json", CliRun.Ok("inspect", _folder["names.zip"]).Output, StringComparison.Ordinal);
    }

    /// <summary>Earlier versions let options by that a classifier does not have, and their models keep them.</summary>
    [Fact]
    public void AClassifierOfAnEarlierVersionGivesCode()
    {
        File.WriteAllText(_folder["kinds.tsv"], string.Concat(Enumerable.Repeat("word\tanna\nnumber\t12\n", 20)));
        CliRun.Ok("train", _folder["kinds.tsv"], "--task", "classify", "--hidden-size", "4", "--steps", "2", "--threads", "1",
            "-o", _folder["new.zip"]);
        SavedModel model = ModelArchive.Load(_folder["new.zip"], kind: MemberSignature.TextClassifier);
        string made = model.Metadata["rnnlm.json"];
        Assert.DoesNotContain("\"data\"", made, StringComparison.Ordinal);
        var metadata = new Dictionary<string, string>(model.Metadata, StringComparer.Ordinal)
        {
            ["rnnlm.json"] = made[..^1] + ", \"data\": { \"mode\": \"rows\", \"sequence_length\": 20, \"max_row_length\": 50 } }",
        };
        ModelArchive.Save(_folder["kinds.zip"], model with { Metadata = metadata });

        CliRun.Ok("codegen", _folder["kinds.zip"]);

        Assert.Contains(" Data = { MaxRowLength = 50 },\n", File.ReadAllText(_folder["Kinds.training.cs"]), StringComparison.Ordinal);
    }

    /// <summary>The code reads a column by its number, which must be the same in every file.</summary>
    [Theory]
    [InlineData("files", "files")]
    [InlineData("files", "validation")]
    public void TablesWhoseColumnsStandAtDifferentPlacesAreRefused(string key, string second)
    {
        File.WriteAllText(_folder["a.csv"], "No,Name\n" + string.Concat(Enumerable.Repeat("1,anna\n2,otto\n", 20)));
        File.WriteAllText(_folder["b.csv"], "Name,No\n" + string.Concat(Enumerable.Repeat("bob,1\neve,2\n", 20)));
        string files = key == second ? """ "files": ["a.csv", "b.csv"] """ : """ "files": "a.csv", "validation": "b.csv" """;
        File.WriteAllText(_folder["names.rnnlm.json"], $$"""
            {
              "source": { {{files}}, "text_column": "Name" },
              "data": { "mode": "rows" },
              "training": { "max_steps": 2 },
              "model": { "hidden_size": 4 }
            }
            """);
        CliRun.Ok("train", _folder["names.rnnlm.json"]);

        foreach (string source in (string[])["names.rnnlm.json", "names.zip"])
        {
            CliRun run = CliRun.Of("codegen", _folder[source]);
            Assert.Equal(2, run.Code);
            bool config = source.EndsWith("json", StringComparison.Ordinal);
            string fault = config ? "the columns stand at other places in" : "It is needed to find the columns by their names";
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.cs"));
    }

    [Fact]
    public void AGPUAskedForIsInTheCodeAndInTheProject()
    {
        File.WriteAllText(_folder["m.rnnlm.json"], """{ "source": { "files": "m.txt" }, "device": { "device": "cuda:1" } }""");

        CliRun.Ok("codegen", _folder["m.rnnlm.json"], "--project", "web", "-o", _folder["web"]);

        Assert.Contains("RetrainDevice = \"cuda:1\";", Written("M.training.cs"), StringComparison.Ordinal);
        Assert.Contains("RetrainFilePaths = [\"../m.txt\"];", Written("M.training.cs"), StringComparison.Ordinal);
        Assert.Contains("int? gpuDeviceId = 1)", Written("M.consumption.cs"), StringComparison.Ordinal);
        Assert.Contains("GpuDeviceId = 1,", Written("ModelPool.cs"), StringComparison.Ordinal);
        Assert.Contains("libtorch-cuda-12.1-linux-x64", Written("MApp.csproj"), StringComparison.Ordinal);

        string Written(string file) => File.ReadAllText(Path.Combine(_folder["web"], file));
    }

    [Fact]
    public void TheVersionsOfPackagesAreThoseThatWereTested()
    {
        XDocument versions = XDocument.Load(TestData.InRepository("Directory.Packages.props"));
        File.WriteAllText(
            _folder["m.rnnlm.json"], """{ "source": { "files": "m.csv", "text_column": "0" }, "device": { "device": "cuda" } }""");
        CliRun.Ok("codegen", _folder["m.rnnlm.json"], "--project", "web");

        XDocument project = XDocument.Load(Path.Combine(_folder["MApp"], "MApp.csproj"));
        Assert.Equal(Version(versions, "PackageVersion", "CsvHelper"), Version(project, "PackageReference", "CsvHelper"));
        foreach (string package in (string[])["OpenTelemetry.Exporter.OpenTelemetryProtocol", "OpenTelemetry.Instrumentation.AspNetCore"])
            Assert.Equal(Version(versions, "PackageVersion", package), Version(project, "PackageReference", package));
        string libTorch = versions.Descendants("OldestLibTorch").Single().Value;
        foreach (string package in (string[])["libtorch-cuda-12.1-linux-x64", "libtorch-cuda-12.1-win-x64"])
            Assert.Equal(libTorch, Version(project, "PackageReference", package));

        static string Version(XDocument file, string element, string package) =>
            file.Descendants(element).Single(item => (string?)item.Attribute("Include") == package).Attribute("Version")!.Value;
    }

    [Fact]
    public void FilesAreKeptAndFaultsAreNamed()
    {
        File.WriteAllText(_folder["m.rnnlm.json"], """{ "source": { "files": "m.txt" } }""");
        File.WriteAllText(_folder["M.training.cs"], "precious");
        CliRun run = CliRun.Of("codegen", _folder["m.rnnlm.json"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("M.training.cs' exists. Say --force", run.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_folder["M.training.cs"]));
        CliRun.Ok("codegen", _folder["m.rnnlm.json"], "--force");

        string error = CliRun.Of("codegen", _folder["m.rnnlm.json"], "--namespace", "a.class").Error;
        Assert.Contains("can't be a namespace", error, StringComparison.Ordinal);
        File.WriteAllText(_folder["m.rnnlm.json"], """{ "source": { "files": "m.csv", "text_column": "Name" } }""");
        error = CliRun.Of("codegen", _folder["m.rnnlm.json"]).Error;
        Assert.Contains("It is needed to find the columns by their names", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("song", "Song")]
    [InlineData("my-first model_2", "MyFirstModel2")]
    [InlineData("18 names", "Model18Names")]
    [InlineData("größe", "Größe")]
    public void NamesOfFilesBecomeNamesOfClasses(string file, string name) => Assert.Equal(name, CSharp.Identifier(file));

    [Fact]
    public void ValuesBecomeLiterals()
    {
        Assert.Equal("\"a\\\"\\\\\\n\\u2028\\u0000é\\ud83d\\ude00\"", CSharp.Literal("a\"\\\n\u2028\0é😀"));
        Assert.Equal("'\\t'", CSharp.Literal('\t'));
        Assert.Equal("'\"'", CSharp.Literal('"'));
        Assert.Equal("'\\''", CSharp.Literal('\''));
        Assert.Equal("0.002", CSharp.Literal(0.002));
        Assert.Equal("HiddenStateMode.ZeroEachEpoch", CSharp.Literal(HiddenStateMode.ZeroEachEpoch));
        Assert.Equal("[\"a\", \"b\"]", CSharp.Literal((string[])["a", "b"]));
    }

    private static object Other(Type type, object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().First(other => !other.Equals(value));
        if (type == typeof(string))
            return "other";
        if (type.IsAssignableTo(typeof(IEnumerable)))
            return new[] { "other" };
        return type == typeof(bool) ? value is not true : Convert.ChangeType(Convert.ToDouble(value ?? 0, null) + 3, type, null);
    }
}
