using RnnLm.Cli.Progress;

namespace RnnLm.Cli.Reproduce;

/// <summary>A published or taught experiment that can be run again: its data, its options, and what came of it.</summary>
internal abstract class Recipe
{
    public abstract string Name { get; }

    public abstract string Summary { get; }

    /// <summary>Gets the words for the progress of training.</summary>
    public virtual TargetWords Words => TargetWords.Characters;

    /// <summary>Runs the experiment.</summary>
    /// <param name="run">Where it runs, and who is told.</param>
    /// <returns>The figures of its RESULT line, by name.</returns>
    public abstract IReadOnlyList<(string Key, double Value)> Run(RecipeRun run);
}
