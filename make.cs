#!/usr/bin/env dotnet
#:property PublishAot=false
#:property TreatWarningsAsErrors=false

// The front door of the repository, on every operating system: dotnet run make.cs demo | test | bench | pack
// Where a feed lacks a package, what needs that package is left out, and a line says so.

using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

const string Usage = """
    dotnet run make.cs COMMAND [-- OPTIONS]

      demo    trains a model on the shipped messages, then continues a prompt with it in a second process
      test    builds the solution and runs all of its tests; OPTIONS go to 'dotnet test', such as --filter Sampler
      bench   measures training and sampling; OPTIONS go to 'rnnlm bench', such as --engine managed --seconds 5
      pack    writes the NuGet packages and the tool 'rnnlm' to artifacts/packages; OPTIONS go to 'dotnet pack'

    An option such as -p:LibTorch=cuda goes to the build (docs/devices.md).
    Where the feed lacks a package, what needs it is left out: without libtorch all runs on the managed engine, without Microsoft.ML
    the demo trains by the command line tool.
    """;

const string Full = "RnnLm.MLNet.sln", Cli = "src/RnnLm.Cli", Quickstart = "examples/Quickstart";
const string OlderTorchSharp = "-p:TorchSharpVersion=0.105.1", ManagedOnly = "-p:LibTorch=none";
string root = (string?)AppContext.GetData("EntryPointFileDirectoryPath") ?? Environment.CurrentDirectory;
string[] options = args.Skip(1).ToArray();
if (options is ["--", ..])
    options = options[1..];
ILookup<bool, string> byUse = options.ToLookup(option => option.StartsWith("-p:", StringComparison.Ordinal));
string[] properties = [.. byUse[true]];
options = [.. byUse[false]];

switch (args.FirstOrDefault())
{
    case "demo": return Demo();
    case "test": return Test();
    case "bench": return Build(Cli, properties) ? Run([.. Start(Cli), "bench", .. options]) : 1;
    case "pack": return Pack();
    case "help" or "--help" or "-h":
        Console.WriteLine(Usage);
        return 0;
    default:
        Console.Error.WriteLine(args.Length == 0 ? "No command was given." : $"'{args[0]}' is not a command.");
        Console.Error.WriteLine(Usage);
        return 2;
}

int Test()
{
    Part part = Choose();
    string results = Folder("test-results");
    int passed = 0;
    List<string> failures = [], skips = [];
    bool sound = Build(part.Solution, part.Properties);
    if (!sound)
        Console.WriteLine($"{part.Solution} does not build, so no test was run.");
    foreach (string project in part.Projects.Where(path => sound && path.EndsWith(".Tests.csproj", StringComparison.Ordinal)))
    {
        string name = Path.GetFileNameWithoutExtension(project);
        int exitCode = Run(["test", project, "--no-build", "-nologo", "-c", "Release", "--results-directory", results, "--logger",
            $"trx;LogFileName={name}.trx", .. part.Properties, .. options]);
        ILookup<string?, XElement> byOutcome = ReadResults(Path.Combine(results, name + ".trx"))
            .ToLookup(result => (string?)result.Attribute("outcome"));
        string[] failed = byOutcome.Where(group => group.Key is not ("Passed" or "NotExecuted"))
            .SelectMany(group => group, (_, result) => (string)result.Attribute("testName")!).ToArray();
        passed += byOutcome["Passed"].Count();
        skips.AddRange(byOutcome["NotExecuted"].Select(result => result.Value.Trim()));
        failures.AddRange(failed.Length == 0 && exitCode != 0 ? [$"{name} broke off with exit code {exitCode}"] : failed);
    }

    Console.WriteLine();
    foreach (IGrouping<string, string> reason in skips.GroupBy(text => text).OrderByDescending(same => same.Count()))
        Console.WriteLine($"Skipped {reason.Count()}: {reason.Key}");
    foreach (string failure in failures)
        Console.WriteLine($"Failed: {failure}");
    Console.WriteLine($"{passed} passed, {failures.Count} failed, {skips.Count} skipped");
    return sound && failures.Count == 0 && passed > 0 ? 0 : 1;
}

// One element for each test; a skipped one has the outcome NotExecuted.
static List<XElement> ReadResults(string path) =>
    File.Exists(path) ? XDocument.Load(path).Descendants().Where(element => element.Name.LocalName == "UnitTestResult").ToList() : [];

int Demo()
{
    string corpus = Path.Combine(root, "examples", "Quickstart", "Data", "messages.txt");
    string model = Path.Combine(Folder("demo"), "messages.zip");
    const string Prompt = "Hello, I ordered ";

    // The managed engine trains it, so that no libtorch need be fetched.
    string[] build = IsLibTorchNamed() ? properties : [.. properties, ManagedOnly];
    Lack[] lacks = FindLacks(Quickstart, build);
    bool byMLNet = lacks.Length == 0;
    Report(lacks);
    string project = byMLNet ? Quickstart : Cli;
    string[] train = byMLNet
        ? ["train", corpus, model]
        : ["train", corpus, "--output", model, "--mode", "rows", "--cell", "gru", "--batch-size", "16", "--epochs", "16", "--minutes",
        "1.4", "--learning-rate", "0.004", "--schedule", "cosine", "--seed", "1"];
    string[] sample = byMLNet
        ? ["sample", model, Prompt]
        : ["sample", model, "--prompt", Prompt, "--length", "200", "--temperature", "0.5", "--seed", "1"];
    Console.WriteLine(byMLNet ? "Training with ML.NET: examples/Quickstart." : "Training with the command line tool: src/RnnLm.Cli.");

    if (!Build(project, build) || Run([.. Start(project), .. train, .. options]) != 0)
        return Fail("the training failed.");
    if (!File.Exists(model))
        return Fail($"the training wrote no model to {model}.");

    Console.WriteLine($"A second process loads {model} and continues a prompt:");
    (int exitCode, string output) = Read([.. Start(project), .. sample]);
    Console.WriteLine(output.TrimEnd());
    string continuation = output.Contains(Prompt, StringComparison.Ordinal)
        ? output[(output.IndexOf(Prompt, StringComparison.Ordinal) + Prompt.Length)..]
        : output;
    if (exitCode != 0 || !IsWriting(continuation, File.ReadAllText(corpus)))
        return Fail("the second process did not continue the prompt with words.");
    Console.WriteLine("demo: ok");
    return 0;

    static int Fail(string why)
    {
        Console.Error.WriteLine($"demo: {why}");
        return 1;
    }
}

// Whether most of the words were learned: they stand in the corpus too. Noise from an untrained model does not pass.
static bool IsWriting(string continuation, string corpus)
{
    HashSet<string> known = Words(corpus).ToHashSet(StringComparer.Ordinal);
    List<string> words = Words(continuation).ToList();
    return words.Count >= 5 && words.Count(known.Contains) >= 0.7 * words.Count;

    static IEnumerable<string> Words(string text) => Regex.Matches(text, "[A-Za-z]{2,}").Select(match => match.Value);
}

int Pack()
{
    string packages = Folder("packages");
    string[] projects = [.. AllProjects().Where(path => path.StartsWith("src/", StringComparison.Ordinal))];
    Lack[] lacks = [.. projects.SelectMany(project => FindLacks(project, properties).Where(lack => lack.Project == project))];
    Report(lacks);
    bool sound = projects.Except(lacks.Select(lack => lack.Project))
        .All(project => Run(["pack", project, "-nologo", "-c", "Release", "-o", packages, .. properties, .. options]) == 0);
    foreach (string package in Directory.EnumerateFiles(packages).Order(StringComparer.Ordinal))
        Console.WriteLine(Path.GetRelativePath(root, package));
    return sound ? 0 : 1;
}

// ---- What the feeds give ----

// The most of the solution that can be restored: all of it; with the older TorchSharp and its libtorch; with the managed engine alone.
// What needs a package that is still missing is left out.
Part Choose()
{
    string[][] ways = IsLibTorchNamed() ? [[]] : [[], [OlderTorchSharp], [ManagedOnly]];
    string? missing = null;
    foreach (string[] way in ways)
    {
        Lack[] lacks = FindLacks(Full, [.. properties, .. way]);
        if (way != ways[^1] && Array.Exists(lacks, lack => lack.IsTorch))
        {
            missing ??= string.Join(" and ", lacks.Where(lack => lack.IsTorch).Select(lack => lack.Package).Distinct());
            continue;
        }

        if (way is [string taken])
        {
            string choice = taken == ManagedOnly ? "The managed engine alone is built" : "The older TorchSharp is taken";
            Console.WriteLine($"NuGet can't restore {missing} here. {choice} ({taken}).");
        }

        Report(lacks);
        string[] all = AllProjects(), projects = [.. all.Except(lacks.Select(lack => lack.Project))];
        return new(projects.Length == all.Length ? Full : WriteFilter(projects), projects, [.. properties, .. way]);
    }

    throw new InvalidOperationException("The last way is always taken.");
}

bool IsLibTorchNamed() =>
    Array.Exists(properties, option => Regex.IsMatch(option, "^-p:(LibTorch|TorchSharpVersion)=", RegexOptions.IgnoreCase));

// One line for each missing package.
void Report(Lack[] lacks)
{
    foreach (IGrouping<string, string> package in lacks.GroupBy(lack => lack.Package,
        lack => Path.GetDirectoryName(lack.Project)!.Replace('\\', '/')))
        Console.WriteLine($"NuGet can't restore {package.Key} here. Left out: "
            + $"{string.Join(", ", package.Distinct().Order(StringComparer.Ordinal))}.");
}

// Restores a project or solution and returns the packages that the feeds lack, each with a project that needs it. NU1101: no such package;
// NU1102, NU1103: not this version; NU1603: another version was found in its place, which does not count; NU1301: a feed can't be reached.
// Any other fault is the build's to report.
Lack[] FindLacks(string path, string[] build)
{
    const string Line = @"^(?<project>.+?\.csproj) : error NU(?:110[123]|1603|1301): (?:.*?(?:package|depends on|information about) "
        + @"'?(?<id>[\w.-]*\w)'?(?: (?:with version )?\(>= (?<version>[\d.]+)\))?)?";
    (int exitCode, string output) = Read(["restore", path, "-nologo", "-nodeReuse:false", .. build]);
    if (exitCode == 0)
        return [];
    Dictionary<string, string> versions = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion")
        .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);
    Lack[] all = [.. Regex.Matches(output, Line, RegexOptions.Multiline).Select(match => ToLack(match.Groups)).Distinct()];
    // A package found in another version brings complaints about what that one needs.
    Lack[] own = [.. all.Where(lack => lack.IsTorch || versions.ContainsKey(lack.Package.Split(' ')[0]))];
    return [.. own, .. all.Where(lack => !Array.Exists(own, other => other.Project == lack.Project))];

    Lack ToLack(GroupCollection found)
    {
        string id = found["id"].Value, version = found["version"].Value;
        // Any TorchSharp would do that goes with a libtorch.
        string wanted = version.Length > 0 || id == "TorchSharp" ? version : versions.GetValueOrDefault(id, "");
        string package = id.Length == 0 ? "the packages of a feed that can't be reached" : $"{id} {wanted}".TrimEnd();
        return new(Path.GetRelativePath(root, found["project"].Value).Replace('\\', '/'), package);
    }
}

string[] AllProjects() =>
    [.. Regex.Matches(File.ReadAllText(Path.Combine(root, Full)), "\"(?<path>[^\"]+\\.csproj)\"")
    .Select(match => match.Groups["path"].Value.Replace('\\', '/'))];

// Writes a filter of the solution, and returns its path.
string WriteFilter(string[] projects)
{
    string path = Path.Combine(root, "artifacts", "Part.slnf");
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    string list = string.Join(", ", projects.Select(project => $"\"{JsonEncodedText.Encode(project.Replace('/', '\\'))}\""));
    File.WriteAllText(path, $$"""{ "solution": { "path": "..\\{{Full}}", "projects": [{{list}}] } }""");
    return Path.GetRelativePath(root, path);
}

// ---- Processes and folders ----

bool Build(string path, string[] build) => Run(["build", path, "-nologo", "-v", "q", "-c", "Release", .. build]) == 0;

// What starts a program that was built; its own arguments follow.
static string[] Start(string project) => ["run", "--no-build", "-c", "Release", "--project", project, "--"];

int Run(params string[] arguments) => Dotnet(arguments, read: false).ExitCode;

(int ExitCode, string Output) Read(params string[] arguments) => Dotnet(arguments, read: true);

(int ExitCode, string Output) Dotnet(string[] arguments, bool read)
{
    // What is read is read in English.
    var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = root, RedirectStandardOutput = read };
    if (read)
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
    using Process process = Process.Start(start) ?? throw new InvalidOperationException("'dotnet' did not start.");
    string output = read ? process.StandardOutput.ReadToEnd() : "";
    process.WaitForExit();
    return (process.ExitCode, output);
}

// An empty folder under artifacts.
string Folder(string name)
{
    string path = Path.Combine(root, "artifacts", name);
    if (Directory.Exists(path))
        Directory.Delete(path, recursive: true);
    return Directory.CreateDirectory(path).FullName;
}

// A solution, or a filter of it, with the projects in it and the properties that it is built with.
internal sealed record Part(string Solution, string[] Projects, string[] Properties);

// A package that the feeds lack, with its version, and a project that needs it.
internal sealed record Lack(string Project, string Package)
{
    public bool IsTorch =>
        $"{Package} ".StartsWith("TorchSharp ", StringComparison.Ordinal) || Package.StartsWith("libtorch-", StringComparison.Ordinal);
}
