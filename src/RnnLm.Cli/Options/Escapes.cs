using System.Text.RegularExpressions;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Options;

/// <summary>Lets characters that a shell makes hard to type be written as in C#: <c>\n</c>, <c>\t</c>, <c>\u00e9</c>, <c>\\</c>.</summary>
internal static class Escapes
{
    public static string Read(string text)
    {
        try
        {
            return Regex.Unescape(text);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"'{text}' has a backslash that begins nothing known. Write \\n, \\t, \\u00e9, and \\\\ for a "
                + $"backslash itself.");
        }
    }
}
