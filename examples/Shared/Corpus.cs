namespace Examples;

/// <summary>The texts that the examples train on. They are not part of this repository: the folder that RNNLM_DATA names holds
/// them.</summary>
internal static class Corpus
{
    /// <summary>Returns the path of a text; where it is not there, says what is missing and ends the program.</summary>
    public static string Find(params string[] name)
    {
        string folder = Environment.GetEnvironmentVariable("RNNLM_DATA") is { Length: > 0 } named
            ? named
            : Path.Combine("..", "shared", "data");
        string path = Path.GetFullPath(Path.Combine([folder, .. name]));
        if (File.Exists(path))
            return path;
        Console.Error.WriteLine($"{path} is not there. Set RNNLM_DATA to the folder that holds {Path.Combine(name)}; docs/training.md says "
            + "where to get it.");
        Environment.Exit(2);
        throw new InvalidOperationException("The program has ended.");
    }

    /// <summary>Reads surnames with their countries: lines of "surname","country".</summary>
    public static (string Name, string Country)[] ReadNames(string part) =>
        [.. File.ReadLines(Find("names18", part + ".csv")).Select(line => line[1..^1].Split("\",\""))
        .Select(cells => (cells[0], cells[1]))];
}
