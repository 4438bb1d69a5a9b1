using System.Text.RegularExpressions;

namespace RnnLm.Cli.Reproduce;

/// <summary>The texts that the teaching sources train on. They are not part of this project: a folder that the user names holds
/// them.</summary>
internal static partial class Corpora
{
    private const string FolderVariable = "RNNLM_DATA";

    public static string TinyShakespeare => File.ReadAllText(Find("tinyshakespeare.txt"));

    /// <summary>The Time Machine as d2l reads it: letters in lower case, every run of anything else one space.</summary>
    public static string TimeMachine => NotLetters().Replace(File.ReadAllText(Find("timemachine.txt")), " ").ToLowerInvariant();

    /// <summary>Surnames with their countries, as "surname","country" lines.</summary>
    public static IReadOnlyList<(string Name, string Country)> Names18(string part) =>
        [.. File.ReadLines(Find(Path.Combine("names18", part + ".csv"))).Select(line => line[1..^1].Split("\",\""))
        .Select(cells => (cells[0], cells[1]))];

    /// <summary>Returns the path of one of the files with names of domains.</summary>
    public static string Dga(string name) => Find(Path.Combine("dga", name), "dga.md");

    private static string Find(string name, string page = "training.md")
    {
        string? named = Environment.GetEnvironmentVariable(FolderVariable);
        string folder = string.IsNullOrEmpty(named) ? Path.Combine("..", "shared", "data") : named;
        string path = Path.GetFullPath(Path.Combine(folder, name));
        return File.Exists(path) ? path
            : throw new FileNotFoundException($"The corpus '{path}' is not there. Set {FolderVariable} to the folder that holds {name}; "
            + $"docs/{page} says where to get it.");
    }

    [GeneratedRegex("[^A-Za-z]+", RegexOptions.NonBacktracking)]
    private static partial Regex NotLetters();
}
