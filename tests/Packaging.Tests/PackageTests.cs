using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using RnnLm.Tests;

namespace RnnLm.Packaging.Tests;

public sealed class PackageTests(Packages packages) : IClassFixture<Packages>
{
    [Theory]
    [InlineData("RnnLm", "lib/net10.0/RnnLm.dll")]
    [InlineData("RnnLm.Onnx", "lib/net10.0/RnnLm.Onnx.dll")]
    [InlineData("RnnLm.Extensions.AI", "lib/net10.0/RnnLm.Extensions.AI.dll")]
    [InlineData("RnnLm.Cli", "tools/net10.0/any/RnnLm.Cli.dll")]
    public void APackageHoldsWhatItShould(string id, string assembly)
    {
        using ZipArchive zip = ZipFile.OpenRead(packages[id]);
        XDocument nuspec = XDocument.Load(new MemoryStream(Bytes(zip.GetEntry(id + ".nuspec")!)));
        XElement metadata = nuspec.Root!.Elements().Single(e => e.Name.LocalName == "metadata");
        string? Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;

        Assert.Equal(id, Value("id"));
        Assert.Equal(packages.Version, Value("version"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("expression", metadata.Elements().Single(e => e.Name.LocalName == "license").Attribute("type")!.Value);
        Assert.Equal("README.md", Value("readme"));
        foreach (string name in (string[])["authors", "description", "tags", "copyright"])
            Assert.False(string.IsNullOrWhiteSpace(Value(name)), name);
        Assert.NotNull(zip.GetEntry(assembly));
        if (id == "RnnLm")
            Assert.Contains("RnnLm.RnnLanguageModel", Text(zip, "lib/net10.0/RnnLm.xml"), StringComparison.Ordinal);
        // A gallery shows the README alone: a link to a file beside it leads nowhere.
        Assert.DoesNotMatch(@"\]\((?!https?://)", Text(zip, "README.md"));

        using ZipArchive symbols = ZipFile.OpenRead(Path.ChangeExtension(packages[id], ".snupkg"));
        Assert.NotNull(symbols.GetEntry(Path.ChangeExtension(assembly, ".pdb")));
    }

    [Fact]
    public void NoFileTellsWhereItWasBuilt()
    {
        foreach (string path in Directory.EnumerateFiles(packages.Feed))
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            foreach (ZipArchiveEntry entry in zip.Entries.Where(IsOurs))
            {
                byte[] bytes = Bytes(entry);
                foreach (Encoding encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
                {
                    bool tells = bytes.AsSpan().IndexOf(encoding.GetBytes(packages.Sources)) >= 0;
                    Assert.False(tells, $"{Path.GetFileName(path)}: {entry.FullName}");
                }
            }
        }
    }

    [Fact]
    public void TheSameSourcesGiveTheSameBytesWhereverTheyAre()
    {
        using var folder = new TempFolder();
        packages.PackElsewhere("RnnLm", folder["feed"]);

        using ZipArchive here = ZipFile.OpenRead(packages["RnnLm"]);
        using ZipArchive there = ZipFile.OpenRead(Path.Combine(folder["feed"], Path.GetFileName(packages["RnnLm"])));
        Assert.Equal(Names(here), Names(there));
        foreach (string name in (string[])["lib/net10.0/RnnLm.dll", "lib/net10.0/RnnLm.xml", "README.md"])
            Assert.Equal(Bytes(here.GetEntry(name)!), Bytes(there.GetEntry(name)!));

        static IEnumerable<string> Names(ZipArchive zip) =>
            zip.Entries.Select(e => e.FullName).Where(name => !name.EndsWith(".psmdcp", StringComparison.Ordinal));
    }

    [Fact]
    public void TheLibraryIsInstalledIntoAnEmptyProjectAndRunsWhatItsREADMESays()
    {
        using var folder = new TempFolder();
        Dotnet dotnet = NewProject(folder, "RnnLm");
        WriteMessages(folder["messages.txt"]);
        File.WriteAllText(folder["Program.cs"], $$"""
            using RnnLm;
            string path = "messages.txt";
            var options = new LanguageModelOptions
            {
                Data = { Mode = DataMode.Rows }, Model = { HiddenSize = 32 }, Training = { Epochs = 3 },
            };
            {{ReadmeBlock("RnnLm", "RnnLanguageModel.Train")}}
            var version = typeof(RnnLanguageModel).Assembly.GetCustomAttributes(false)
                .OfType<System.Reflection.AssemblyInformationalVersionAttribute>().Single();
            Console.WriteLine("version " + version.InformationalVersion);
            """);

        string output = dotnet.Run("run");

        Assert.Contains($"version {packages.Version}", output, StringComparison.Ordinal);
        Assert.True(output.Length > 40, output);
        Assert.True(File.Exists(folder["messages.zip"]));
    }

    [Fact]
    public void TheONNXPackageIsInstalledIntoAnEmptyProjectAndSavesAModel()
    {
        using var folder = new TempFolder();
        Dotnet dotnet = NewProject(folder, "RnnLm.Onnx");
        File.WriteAllText(folder["Program.cs"], """
            using RnnLm;
            using RnnLm.Onnx;
            var options = new LanguageModelOptions { Model = { HiddenSize = 8 }, Training = { MaxSteps = 2 } };
            using RnnLanguageModel model = RnnLanguageModel.Train([TextRow.Row(new string('a', 1000) + "b")], options);
            model.SaveOnnx("model.onnx");
            """);

        dotnet.Run("run");

        Assert.Contains("log_probability", Encoding.Latin1.GetString(File.ReadAllBytes(folder["model.onnx"])), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void TheLibraryIsCompiledAheadOfTimeWithoutAWarningAndTrainsToTheSameWeights()
    {
        using var folder = new TempFolder();
        Dotnet dotnet = NewProject(folder, "RnnLm");
        foreach (string name in (string[])["Codes.cs", "Program.cs"])
            File.Copy(TestData.InRepository("examples", "Classifier", name), folder[name]);
        File.AppendAllText(folder["Program.cs"], """

            try
            {
                RnnTextClassifier.Load("codes.zip", new DeviceOptions { Engine = EngineKind.TorchSharp }).Classify("R-9147");
            }
            catch (InvalidOperationException e)
            {
                Console.WriteLine(e.Message);
            }
            """);

        // For this processor, as the just-in-time compiler does: without its fused multiply-adds, sums are rounded otherwise.
        (int code, string output) =
            dotnet.Try("dotnet", "publish", "-nologo", "-o", folder["native"], "-p:PublishAot=true", "-p:IlcInstructionSet=native");
        Skip.If(output.Contains("error NU1", StringComparison.Ordinal), "NuGet can't restore here the compiler that works ahead of time.");
        Skip.If(output.Contains("Platform linker", StringComparison.Ordinal),
            "There is no linker here (clang or gcc; on Windows Visual Studio's) for a program compiled ahead of time.");
        Assert.True(code == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        string native = dotnet.Run(folder[Path.Combine("native", OperatingSystem.IsWindows() ? "app.exe" : "app")], []);
        string jitted = dotnet.Run("run", "-c", "Release");

        // It trains, saves, loads and classifies.
        Assert.Matches("RESULT accuracy=0\\.99", native);
        Assert.Matches("RESULT accuracy=0\\.99", jitted);
        Assert.Contains("Publish it without PublishTrimmed and PublishAot.", native, StringComparison.Ordinal);
        Assert.Contains("Add the package RnnLm.TorchSharp", jitted, StringComparison.Ordinal);
        Assert.Equal(Weights(folder["bin/Release/net10.0/codes.zip"]), Weights(folder["native/codes.zip"]));
    }

    [SkippableFact]
    public void TheMLNETPackageIsInstalledIntoAnEmptyProjectAndRunsWhatItsREADMESays()
    {
        packages.RequireMLNet();
        using var folder = new TempFolder();
        Dotnet dotnet = NewProject(folder, "RnnLm.MLNet");
        WriteMessages(folder["messages.txt"]);
        foreach (string name in (string[])["Message.cs", "Reply.cs"])
            File.Copy(TestData.InRepository("examples", "Quickstart", name), folder[name]);
        File.WriteAllText(folder["Program.cs"], $"""
            using Microsoft.ML;
            using Quickstart;
            using RnnLm;
            using RnnLm.MLNet;
            {ReadmeBlock("RnnLm.MLNet", "MLContext")}
            Console.WriteLine("done");
            """);

        string output = dotnet.Run("run");

        Assert.EndsWith("done", output.TrimEnd(), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["messages.zip"]));
    }

    [Fact]
    public void TheToolIsInstalledAndDoesWhatItsREADMESays()
    {
        using var folder = new TempFolder();
        (Dotnet dotnet, string tool) = InstallTool(folder);
        WriteMessages(folder["messages.txt"]);
        string[] commands = [.. ReadmeLines("RnnLm.Cli").Where(line => line.StartsWith("rnnlm ", StringComparison.Ordinal))];
        Assert.Equal(["train", "sample", "evaluate", "report"], commands.Select(line => line.Split(' ')[1]));

        foreach (string command in commands)
        {
            IEnumerable<Match> words = Regex.Matches(command, "\"[^\"]*\"|\\S+", RegexOptions.NonBacktracking).Skip(1);
            string[] arguments = [.. words.Select(word => word.Value.Trim('"'))];
            string output = dotnet.Run(tool, arguments[0] == "train" ? [.. arguments, "--steps", "20", "--hidden-size", "32"] : arguments);
            Assert.NotEmpty(output);
        }

        Assert.StartsWith(packages.Version, dotnet.Run(tool, ["--version"]), StringComparison.Ordinal);
        Assert.Contains("language model", dotnet.Run(tool, ["inspect", "messages.zip"]), StringComparison.Ordinal);
        Assert.Equal(packages.Version, Producer(folder["messages.zip"]));
        Assert.StartsWith("<!doctype html>", File.ReadAllText(folder["messages.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void TheToolWritesProjectsForThePackagesOfItsOwnBuild()
    {
        using var folder = new TempFolder();
        (Dotnet dotnet, string tool) = InstallTool(folder);

        WriteProject(dotnet, tool, folder);

        Assert.Equal(
            [("CsvHelper", CentralVersion("CsvHelper")), ("RnnLm.MLNet", packages.Version)],
            References(folder["NamesApp/NamesApp.csproj"]));
        Assert.Equal(
            [$"// Written by 'rnnlm codegen' (RnnLm {packages.Version}) from names.rnnlm.json. It is yours to change.",
             $"// Packages: RnnLm.MLNet {packages.Version}, CsvHelper {CentralVersion("CsvHelper")}."],
            File.ReadLines(folder["NamesApp/Names.training.cs"]).Take(2));
    }

    [SkippableFact]
    public void AProjectThatTheToolWritesTrainsAndPredictsWithThePackages()
    {
        packages.RequireMLNet();
        using var folder = new TempFolder();
        (Dotnet dotnet, string tool) = InstallTool(folder);
        WriteProject(dotnet, tool, folder);
        string sources = $"-p:RestoreAdditionalProjectSources=\"{packages.Feed};{Checkout.UserPackages}\"";
        var project = new Dotnet(folder["NamesApp"], folder["packages"]);

        project.Run("build", "-nologo", "-v", "q", sources);
        project.Run("run", "--no-build", "--", "train", folder["names.csv"], "--device", "cpu");

        Assert.StartsWith("an", project.Run("run", "--no-build", "--", "predict", "an"), StringComparison.Ordinal);
        Assert.Equal(packages.Version, Producer(folder["NamesApp/names.zip"]));

        dotnet.Run(tool, ["codegen", "names.rnnlm.json", "--project", "web", "--output", "web"]);
        new Dotnet(folder["web"], folder["packages"]).Run("build", "-nologo", "-v", "q", sources);
    }

    /// <summary>Installs the tool from its package.</summary>
    /// <returns>What runs programs in the folder, and the tool.</returns>
    private (Dotnet Dotnet, string Tool) InstallTool(TempFolder folder)
    {
        var dotnet = new Dotnet(folder.Path, folder["packages"]);
        dotnet.Run(
            "tool", "install", "RnnLm.Cli", "--tool-path", folder["tools"], "--add-source", packages.Feed, "--version", packages.Version);
        return (dotnet, folder[Path.Combine("tools", OperatingSystem.IsWindows() ? "rnnlm.exe" : "rnnlm")]);
    }

    /// <summary>Writes a table of names, and a console project that learns them.</summary>
    private static void WriteProject(Dotnet dotnet, string tool, TempFolder folder)
    {
        File.WriteAllText(folder["names.csv"], "Name\n" + string.Concat(Enumerable.Repeat("anna\nandrea\notto\n", 20)));
        dotnet.Run(tool, [
            "new", "names", "--data", "names.csv", "--text-column", "Name", "--mode", "rows", "--hidden-size", "16", "--steps", "20"]);
        dotnet.Run(tool, ["codegen", "names.rnnlm.json", "--project", "console"]);
    }

    private static (string Name, string Version)[] References(string project) => [.. XDocument.Load(project).Descendants("PackageReference")
        .Select(package => ((string)package.Attribute("Include")!, (string)package.Attribute("Version")!)).Order()];

    private static string CentralVersion(string package) => (string)XDocument.Load(TestData.InRepository("Directory.Packages.props"))
        .Descendants("PackageVersion").Single(p => (string?)p.Attribute("Include") == package).Attribute("Version")!;

    /// <summary>Reads which version of the library wrote a model.</summary>
    private static string Producer(string model)
    {
        using ZipArchive zip = ZipFile.OpenRead(model);
        using JsonDocument config = JsonDocument.Parse(Bytes(zip.Entries.Single(entry => entry.Name == "config.json")));
        return config.RootElement.GetProperty("producer").GetString()!.Split(' ')[1];
    }

    /// <summary>Reads the weights of a model: what stands in a safetensors file after the header and its length.</summary>
    private static byte[] Weights(string model)
    {
        using ZipArchive zip = ZipFile.OpenRead(model);
        byte[] tensors = Bytes(zip.Entries.Single(entry => entry.Name == "model.safetensors"));
        return tensors[(8 + BitConverter.ToInt32(tensors))..];
    }

    /// <summary>Makes an empty project with one of the packages in it, outside the repository.</summary>
    private Dotnet NewProject(TempFolder folder, string id)
    {
        // The user's packages are a source like another: what is there need not be fetched.
        File.WriteAllText(folder["app.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{packages.Feed};{Checkout.UserPackages}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{id}" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        return new Dotnet(folder.Path, folder["packages"]);
    }

    /// <summary>A few of the shipped messages: training on them is a matter of seconds.</summary>
    private static void WriteMessages(string path) =>
        File.WriteAllLines(path, File.ReadLines(TestData.InRepository("examples", "Quickstart", "Data", "messages.txt")).Take(60));

    private string ReadmeBlock(string id, string with) => Regex
        .Matches(string.Join('\n', ReadmeLines(id)), "```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)
        .Select(match => match.Groups["code"].Value).Single(code => code.Contains(with, StringComparison.Ordinal));

    private string[] ReadmeLines(string id)
    {
        using ZipArchive zip = ZipFile.OpenRead(packages[id]);
        return Text(zip, "README.md").ReplaceLineEndings("\n").Split('\n');
    }

    private static bool IsOurs(ZipArchiveEntry entry) =>
        entry.Name.Contains("RnnLm", StringComparison.Ordinal) || entry.Name.EndsWith(".md", StringComparison.Ordinal);

    private static string Text(ZipArchive zip, string name) =>
        Encoding.UTF8.GetString(Bytes(zip.GetEntry(name) ?? throw new InvalidDataException($"There is no {name}.")));

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
