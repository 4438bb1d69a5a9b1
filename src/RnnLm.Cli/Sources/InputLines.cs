using System.Text;

namespace RnnLm.Cli.Sources;

/// <summary>The lines of the standard input, read as they are asked for.</summary>
internal static class InputLines
{
    /// <summary>What messages call the standard input.</summary>
    public const string Name = "standard input";

    /// <summary>Reads the lines, each with its number, from 1.</summary>
    /// <exception cref="TextDataException">A line is not UTF-8.</exception>
    public static IEnumerable<(string Text, long Number)> Read(TextReader input)
    {
        for (long number = 1; Next(input, number) is { } line; number++)
            yield return (line, number);
    }

    private static string? Next(TextReader input, long number)
    {
        try
        {
            return input.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            // The reader decodes ahead of the line that it returns.
            throw new TextDataException("in this line or one soon after it is a byte that is not UTF-8.", Name, number, e);
        }
    }
}
