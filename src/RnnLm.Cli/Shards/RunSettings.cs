using System.CommandLine;
using System.Reflection;
using System.Security.Cryptography;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Shards;

/// <summary>All that the rows of a run depend on: what was asked for on the command line, and the contents of files. Runs that are to make
/// parts of one result must agree in it.</summary>
internal static class RunSettings
{
    private const string Given = "given";

    /// <summary>Gets the version of the program.</summary>
    public static string Version { get; } =
        typeof(RunSettings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Returns what was given for options.</summary>
    public static Dictionary<string, string> Of(ParseResult parse, IEnumerable<Option> options)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Option option in options)
        {
            if (parse.GetResult(option) is { Implicit: false } given)
                settings[option.Name] = given.Tokens.Count == 0 ? Given : string.Join(' ', given.Tokens.Select(token => token.Value));
        }

        return settings;
    }

    /// <summary>Returns the hash of a file's contents.</summary>
    public static string HashOf(string path)
    {
        using FileStream file = InputFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Returns the hash of several files' contents, in their order, and of where one ends and the next begins.</summary>
    public static string HashOf(IReadOnlyList<string> paths)
    {
        if (paths.Count == 1)
            return HashOf(paths[0]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in paths)
            hash.AppendData(Convert.FromHexString(HashOf(path)));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>Says in what settings differ; null where they are the same.</summary>
    public static string? Difference(IReadOnlyDictionary<string, string> was, IReadOnlyDictionary<string, string> now)
    {
        string[] changes = [.. was.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(key => was.GetValueOrDefault(key) != now.GetValueOrDefault(key))
            .Select(key => $"{key} was {Say(was, key)}, and is {Say(now, key)} now")];
        return changes.Length == 0 ? null : string.Join("; ", changes);

        static string Say(IReadOnlyDictionary<string, string> values, string key) => !values.TryGetValue(key, out string? value)
            ? "not given" : value == Given ? value : $"'{value}'";
    }
}
