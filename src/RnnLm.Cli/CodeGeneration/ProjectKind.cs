namespace RnnLm.Cli.CodeGeneration;

/// <summary>The programs that can be written around a model.</summary>
internal enum ProjectKind
{
    /// <summary>A program that trains and predicts.</summary>
    Console,

    /// <summary>A minimal web API.</summary>
    Web,
}
