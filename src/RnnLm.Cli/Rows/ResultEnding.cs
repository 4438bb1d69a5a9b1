using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Rows;

/// <summary>Makes sure that a file holds what its ending says: by the ending, other programs know how to read it, and so does
/// rnnlm.</summary>
internal static class ResultEnding
{
    /// <summary>Makes sure that a file of results does not end as those of another format do.</summary>
    /// <param name="path">The file.</param>
    /// <param name="asked">The format that was asked for; <see cref="OutputFormat.Auto"/> where the ending chooses.</param>
    /// <param name="option">The option that names the file.</param>
    /// <param name="asking">The option that asks for the format.</param>
    /// <exception cref="UsageException">It does.</exception>
    public static void Check(string path, OutputFormat asked, string option, string asking)
    {
        if (asked == OutputFormat.Auto || !IsOther(path, asked))
            return;
        throw new UsageException($"'{path}' has the ending of the format {Name(ResultLayout.FormatOf(path))}, but {asking} asks for "
            + $"{Name(asked)}. Name a file '*{ResultLayout.EndingOf(asked)}' by {option}, or leave {asking} out.");
    }

    /// <summary>Makes sure that the file of the rows that are left out does not end as those of another format than its own do.</summary>
    /// <exception cref="UsageException">It does.</exception>
    public static void CheckErrors(string path)
    {
        if (IsOther(path, OutputFormat.Jsonl))
            throw new UsageException($"--errors writes lines of JSON, but '{path}' has the ending of the format "
                + $"{Name(ResultLayout.FormatOf(path))}. Name a file '*{ResultLayout.EndingOf(OutputFormat.Jsonl)}'.");
    }

    // Lines of JSON and tables are text too, and may be in a *.txt.
    private static bool IsOther(string path, OutputFormat format) => ResultLayout.FormatOf(path) switch
    {
        OutputFormat.Auto => false,
        OutputFormat.Text => format is OutputFormat.Npy or OutputFormat.Safetensors,
        var ending => ending != format,
    };

    private static string Name(OutputFormat format) => OptionName.Of(format.ToString());
}
