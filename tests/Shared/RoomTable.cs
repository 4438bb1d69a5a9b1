using System.Text.RegularExpressions;

namespace RnnLm.Tests;

/// <summary>The table of a project's rooms in docs/architecture.md: a row a folder, with what it holds and which folders it uses.</summary>
public static partial class RoomTable
{
    /// <summary>Returns how the table differs from the compiled project, a line for each folder, or an empty text.</summary>
    /// <param name="project">The project's name, which is the heading above the table.</param>
    /// <param name="rooms">The compiled project.</param>
    public static string Differences(string project, Rooms rooms)
    {
        string page = File.ReadAllText(TestData.InRepository("docs", "architecture.md"));
        string section = page.Split($"\n### {project}\n", 2)[^1].Split("\n### ", 2)[0].Split("\n## ", 2)[0];
        var told = Row().Matches(section)
            .ToDictionary(row => row.Groups["room"].Value, row => row.Groups["uses"].Value.Trim(), StringComparer.Ordinal);
        IEnumerable<string> folders = rooms.Types.Select(type => type.Folder).Where(folder => folder.Length > 0).Distinct()
            .Order(StringComparer.Ordinal);
        var compiled = folders.ToDictionary(folder => folder, folder => Uses(rooms, folder), StringComparer.Ordinal);
        return string.Join('\n', compiled.Keys.Union(told.Keys, StringComparer.Ordinal)
            .Where(room => told.GetValueOrDefault(room) != compiled.GetValueOrDefault(room))
            .Select(room => !compiled.TryGetValue(room, out string? uses) ? $"There is no folder {room}." : $"| `{room}` | … | {uses} |"));
    }

    private static string Uses(Rooms rooms, string folder) => rooms.Arrows.TryGetValue(folder, out SortedDictionary<string, string>? uses)
        ? string.Join(", ", uses.Keys.Where(used => used.Length > 0).Select(used => $"`{used}`")) : "";

    [GeneratedRegex(@"^\| `(?<room>[\w/]+)` \| [^|]* \| (?<uses>[^|]*) ?\|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();
}
