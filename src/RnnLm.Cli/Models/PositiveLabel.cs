using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Models;

/// <summary>The label of two that a threshold is for.</summary>
internal static class PositiveLabel
{
    /// <summary>Finds the label.</summary>
    /// <param name="path">The model.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="asked">The one that was asked for; null for the second.</param>
    /// <param name="option">The option that needs two labels.</param>
    /// <returns>Its index.</returns>
    /// <exception cref="UsageException">The model has more labels, or not the one asked for.</exception>
    public static int Find(string path, IReadOnlyList<string> labels, string? asked, string option)
    {
        if (labels.Count != 2)
            throw new UsageException($"{option} is for models of two labels, but '{path}' has {labels.Count}. Leave it out.");
        if (asked is null || asked == labels[1])
            return 1;
        return asked == labels[0]
            ? 0
            : throw new UsageException($"--positive is '{asked}', but the labels of '{path}' are '{labels[0]}' and '{labels[1]}'.");
    }
}
