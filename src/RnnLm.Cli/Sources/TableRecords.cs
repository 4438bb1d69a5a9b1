using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace RnnLm.Cli.Sources;

/// <summary>
/// Reads the fields of a table, row by row. A field that begins with a double quote ends with one, and those within are doubled (RFC 4180);
/// a quote in any other field stands for itself, as in ML.NET. What is neither would join one row to the next, and is an error that names
/// the line where the quote stands.
/// </summary>
internal static class TableRecords
{
    // A quote that is never closed would have the rest of the file read into memory.
    private const int MaximumFieldSize = 1 << 24;

    /// <param name="reader">The text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="separator">The character between fields.</param>
    /// <param name="quotes">Whether double quotes are no letters like any other.</param>
    /// <returns>The rows that are not blank, each with the line that it begins in, from 1.</returns>
    /// <exception cref="TextDataException">A quote opens a field and does not close it.</exception>
    public static IEnumerable<(string[] Fields, int Line)> Read(TextReader reader, string name, char separator, bool quotes)
    {
        bool isBad = false;
        int loose = 0;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            Mode = quotes ? CsvMode.RFC4180 : CsvMode.NoEscape,
            // The line that a row begins in is the one after the row before.
            IgnoreBlankLines = false,
            MaxFieldSize = MaximumFieldSize,
            BadDataFound = bad =>
            {
                isBad |= bad.Field.StartsWith('"');
                loose += bad.Field.Count(c => c == '"');
            },
        };
        using var parser = new CsvParser(reader, configuration, leaveOpen: true);
        for (int line = 1; MoveNext(parser, name, line); line = parser.RawRow + 1)
        {
            string row = parser.RawRecord;
            var fields = new string[parser.Count];
            int lineOfField = line;
            loose = 0;
            for (int i = 0; i < fields.Length; i++)
            {
                fields[i] = parser[i];
                // The parser takes a doubled quote at the end of the file for one that closes; but then the quotes are odd in number, those
                // that stand for themselves left aside.
                if (isBad || (quotes && i == fields.Length - 1 && row.EndsWith('"') && (row.Count(c => c == '"') - loose) % 2 != 0))
                {
                    throw new TextDataException($"a double quote opens a field here, and none closes it before a separator or a line end. "
                        + $"Close it, and double the quotes "
                        + $"within the field; or say {SourceIds.Quotes.Set(false)}, where quotes are characters like any other.", name,
                        lineOfField);
                }

                lineOfField += LineEndsIn(fields[i]);
            }

            if (row.AsSpan().Trim("\r\n").Length > 0)
                yield return (fields, line);
        }
    }

    private static bool MoveNext(CsvParser parser, string name, int line)
    {
        try
        {
            return parser.Read();
        }
        catch (MaxFieldSizeException e)
        {
            throw new TextDataException($"a field of the row that begins here has more than {MaximumFieldSize:N0} characters. Most "
                + $"likely, a double quote opens it and none closes it.", name, line, e);
        }
    }

    /// <summary>Counts the lines that a field goes on beyond its first.</summary>
    public static int LineEndsIn(string field) => field.Count(c => c is '\r' or '\n') - field.AsSpan().Count("\r\n");
}
