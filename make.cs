#!/usr/bin/env dotnet
#:property PublishAot=false
#:property TreatWarningsAsErrors=false

// The front door of the repository, on every operating system: dotnet run make.cs demo | test | bench | pack
// It tries once to restore the full solution; where a feed lacks a package of it, the part is taken that needs neither Microsoft.ML nor TorchSharp.

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

    An option such as -p:LibTorch=cuda goes to the build.
    Where the feed lacks Microsoft.ML or TorchSharp, the part of the repository is taken that needs neither.
    """;

const string Full = "RnnLm.MLNet.sln", Core = "RnnLm.Core.slnf", Cli = "src/RnnLm.Cli", Quickstart = "examples/Quickstart";
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
    case "bench": return Build(Cli) ? Run([.. Start(Cli), "bench", .. options]) : 1;
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
    Solution solution = Choose();
    string results = Folder("test-results");
    int passed = 0;
    List<string> failures = [], skips = [];
    bool sound = Build(solution.Path);
    if (!sound)
        Console.WriteLine($"{solution.Path} does not build, so no test was run.");
    foreach (string project in solution.Projects.Where(path => sound && path.EndsWith(".Tests.csproj", StringComparison.Ordinal)))
    {
        string name = Path.GetFileNameWithoutExtension(project);
        int exitCode = Run(["test", project, "--no-build", "-nologo", "-c", "Release", "--results-directory", results, "--logger", $"trx;LogFileName={name}.trx", .. properties, .. options]);
        ILookup<string?, XElement> byOutcome = ReadResults(Path.Combine(results, name + ".trx")).ToLookup(result => (string?)result.Attribute("outcome"));
        string[] failed = byOutcome.Where(group => group.Key is not ("Passed" or "NotExecuted")).SelectMany(group => group, (_, result) => (string)result.Attribute("testName")!).ToArray();
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
    Solution solution = Choose();
    string corpus = Path.Combine(root, "examples", "Quickstart", "Data", "messages.txt");
    string model = Path.Combine(Folder("demo"), "messages.zip");
    const string Prompt = "Hello, I ordered ";

    string project = solution.IsFull ? Quickstart : Cli;
    string[] train = solution.IsFull
        ? ["train", corpus, model]
        : ["train", corpus, "--output", model, "--mode", "rows", "--cell", "gru", "--batch-size", "16", "--epochs", "16", "--minutes", "1.4", "--learning-rate", "0.004", "--schedule", "cosine", "--seed", "1"];
    string[] sample = solution.IsFull
        ? ["sample", model, Prompt]
        : ["sample", model, "--prompt", Prompt, "--length", "200", "--temperature", "0.5", "--seed", "1"];
    Console.WriteLine(solution.IsFull ? "Training with ML.NET: examples/Quickstart." : "Training with the command line tool: src/RnnLm.Cli.");

    if (!Build(project) || Run([.. Start(project), .. train, .. options]) != 0)
        return Fail("the training failed.");
    if (!File.Exists(model))
        return Fail($"the training wrote no model to {model}.");

    Console.WriteLine($"A second process loads {model} and continues a prompt:");
    (int exitCode, string output) = Read([.. Start(project), .. sample]);
    Console.WriteLine(output.TrimEnd());
    string continuation = output.Contains(Prompt, StringComparison.Ordinal) ? output[(output.IndexOf(Prompt, StringComparison.Ordinal) + Prompt.Length)..] : output;
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
    Solution solution = Choose();
    string packages = Folder("packages");
    bool sound = solution.Projects.Where(path => path.StartsWith("src/", StringComparison.Ordinal))
        .All(project => Run(["pack", project, "-nologo", "-c", "Release", "-o", packages, .. properties, .. options]) == 0);
    foreach (string package in Directory.EnumerateFiles(packages).Order(StringComparer.Ordinal))
        Console.WriteLine(Path.GetRelativePath(root, package));
    return sound ? 0 : 1;
}

// ---- The solution to take ----

Solution Choose()
{
    string[] all = Regex.Matches(File.ReadAllText(Path.Combine(root, Full)), "\"(?<path>[^\"]+\\.csproj)\"").Select(match => match.Groups["path"].Value.Replace('\\', '/')).ToArray();
    string[] lacking = FindLackingPackages();
    if (lacking.Length == 0)
        return new(Full, all, IsFull: true);

    using var filter = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, Core)));
    string[] core = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(path => path.GetString()!.Replace('\\', '/')).ToArray();
    Console.WriteLine($"NuGet can't restore here: {string.Join(", ", lacking)}. So {Core} is taken in place of {Full}; it leaves out:");
    foreach (string project in all.Except(core))
        Console.WriteLine($"  {Path.GetDirectoryName(project)}");
    return new(Core, core, IsFull: false);
}

// Restores the full solution and returns the packages that the feeds lack. NU1101: no such package; NU1102, NU1103: not this version;
// NU1603: another version was found in its place, which does not count; NU1301: a feed can't be reached. Any other fault is the build's to report.
string[] FindLackingPackages()
{
    (int exitCode, string output) = Read(["restore", Full, "-nologo", "-nodeReuse:false", .. properties]);
    if (exitCode == 0)
        return [];
    var versions = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion").ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);
    string[] all = Regex.Matches(output, @"error NU(?:110[123]|1603): .*?(?:package|depends on) '?(?<id>[\w.-]*\w)").Select(match => match.Groups["id"].Value).Distinct().Order(StringComparer.Ordinal).ToArray();
    // A package found in another version brings complaints about what that one needs.
    string[] own = all.Where(versions.ContainsKey).Select(id => $"{id} {versions[id]}").ToArray();
    return own.Length > 0 ? own : all.Length == 0 && output.Contains("error NU1301", StringComparison.Ordinal) ? ["the packages of a feed that can't be reached"] : all;
}

// ---- Processes and folders ----

bool Build(string path) => Run(["build", path, "-nologo", "-v", "q", "-c", "Release", .. properties]) == 0;

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

// A solution, or the part of it that can be built here.
internal sealed record Solution(string Path, string[] Projects, bool IsFull);
