namespace RnnLm.Cli.Tests;

/// <summary>The commands that there are, for tests that walk them.</summary>
internal static class CommandNames
{
    public static string[] All { get; } =
    [
        .. CliRun.Ok().Output.Split("Commands:\n")[1].Split("\n\n")[0].Split('\n')
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')
            .Select(line => line.Trim().Split(' ')[0]),
    ];
}
