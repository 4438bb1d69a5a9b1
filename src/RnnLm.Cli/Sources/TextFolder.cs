using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Files;

namespace RnnLm.Cli.Sources;

/// <summary>What is read of a folder: all files within it that end as they should, in the order of their paths. Links are followed, and
/// what several paths lead to is read once.</summary>
/// <param name="Files">The paths of the files that are read.</param>
/// <param name="LeftOut">The paths of the other files.</param>
internal sealed record TextFolder(IReadOnlyList<string> Files, IReadOnlyList<string> LeftOut)
{
    private static readonly string[] Text = [".txt"];

    private const int Shown = 5;

    /// <summary>Looks through a folder and those within it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="from">The option that names it, or null.</param>
    /// <param name="endings">How the files end that are read; <c>.txt</c> where it is null.</param>
    /// <exception cref="UsageException">It holds no such files, or a link that leads nowhere, or one of its folders can't be
    /// read.</exception>
    public static TextFolder Find(string path, OptionId? from = null, string[]? endings = null)
    {
        string[] all;
        try
        {
            all = [.. Walk(path, []).Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"'{path}' can't be read as a whole: {e.Message}", from);
        }

        endings ??= Text;
        ILookup<bool, string> isText = all.ToLookup(file => endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
        if (isText[true].FirstOrDefault(file => !InputFile.Exists(file)) is { } broken)
            throw new UsageException($"'{broken}' can't be read: it {InputFile.Missing(broken)}. Put a file there, or remove it.", from);
        string[] files = [.. WithoutLinks([.. isText[true]])];
        string kinds = string.Join(", ", endings.Select(ending => $"*{ending}"));
        return files.Length > 0 ? new(files, [.. isText[false]]) { Kinds = kinds }
            : throw new UsageException($"folder '{path}' has no text files ({kinds}). Name the files instead.", from);
    }

    private string Kinds { get; init; } = "";

    /// <summary>Says which files are left out, the first few by their names; null where there are none.</summary>
    public string? Warning => LeftOut.Count == 0 ? null
        : $"{Counted.Of(LeftOut.Count, "file is", "files are")} left out, since only {Kinds} are read from a folder: "
        + $"{string.Join(", ", LeftOut.Take(Shown))}{(LeftOut.Count > Shown ? ", …" : "")}. Name those that should be read.";

    private static IEnumerable<string> Walk(string folder, HashSet<object> seen)
    {
        // A link may lead to a folder that it is in.
        if (!seen.Add(Identity(folder)))
            return [];
        return Directory.EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(inner => Walk(inner, seen)));
    }

    /// <summary>Leaves out links to files that are there besides.</summary>
    private static IEnumerable<string> WithoutLinks(IReadOnlyList<string> files)
    {
        HashSet<string> links = [.. files.Where(file => new FileInfo(file).LinkTarget is not null)];
        HashSet<object> there = links.Count == 0 ? [] : [.. files.Except(links, StringComparer.Ordinal).Select(Identity)];
        return files.Where(file => !links.Contains(file) || there.Add(Identity(file)));
    }

    private static object Identity(string path) => FileIdentity.Of(path) is { } identity ? identity : Path.GetFullPath(path);
}
