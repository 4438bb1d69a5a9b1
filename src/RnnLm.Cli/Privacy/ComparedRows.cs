using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Privacy;

/// <summary>Rows that are compared, and what a report calls them.</summary>
/// <param name="Name">The names of the files, and which of their rows.</param>
/// <param name="Files">The files.</param>
/// <param name="Rows">The rows; read anew each time.</param>
internal sealed record ComparedRows(string Name, IReadOnlyList<TextFile> Files, IEnumerable<TextRow> Rows)
{
    /// <summary>Gets the paths of the files.</summary>
    public IEnumerable<string> Paths => Files.Where(file => file.Content is null).Select(file => file.Path);

    /// <summary>Returns the names of files without their folders: a report goes to others.</summary>
    public static string NameOf(IReadOnlyList<TextFile> files) =>
        string.Join(", ", files.Take(3).Select(file => Path.GetFileName(file.Path)))
        + (files.Count > 3 ? $", … ({files.Count} files)" : "");
}
