using System.Buffers;
using System.Text;
using System.Text.Json;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>Results as lines of a table: a value that is a list or an object is written as JSON.</summary>
internal static class TableLine
{
    /// <summary>Writes the line with the names of the columns.</summary>
    public static void WriteNames(IBufferWriter<byte> output, IReadOnlyList<string> names, byte separator, bool quotes) =>
        Write(output, [.. names.Select(Encoding.UTF8.GetBytes)], separator, quotes);

    /// <summary>Writes an object as a line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="record">The object.</param>
    /// <param name="names">The columns.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="quotes">Whether fields stand in quotes where they need it.</param>
    /// <param name="row">The row that it is of.</param>
    /// <exception cref="TextDataException">The object has a member that is no column, or what a field without quotes can't
    /// hold.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> record, IReadOnlyList<string> names, byte separator,
        bool quotes, InputRow row)
    {
        var fields = new byte[]?[names.Count];
        var reader = new Utf8JsonReader(record);
        reader.Read();
        int next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Most often the members come as the columns do.
            int column = next < names.Count && reader.ValueTextEquals(names[next]) ? next
                : RowNames.Find(names, [reader.GetString()!]);
            if (column < 0)
                throw row.Fault((OptionMessage)($"it has \"{reader.GetString()}\", which the first row does not have, so the table has no "
                    + $"such column. Write lines of JSON, by --output-format jsonl."));
            next = column + 1;
            reader.Read();
            fields[column] = Field(ref reader, record);
        }

        int bad = quotes ? -1 : Array.FindIndex(fields, field => field.AsSpan().IndexOfAny(separator, (byte)'\r', (byte)'\n') >= 0);
        if (bad >= 0)
        {
            throw row.Fault($"its \"{names[bad]}\" has a separator or a line end, which a table without quotes can't hold. Write lines of "
                + "JSON, by --output-format jsonl.");
        }

        Write(output, fields, separator, quotes);
    }

    private static byte[] Field(ref Utf8JsonReader reader, ReadOnlySpan<byte> record)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Encoding.UTF8.GetBytes(reader.GetString()!);
            case JsonTokenType.Null:
                return [];
            default:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                return record[start..(int)reader.BytesConsumed].ToArray();
        }
    }

    private static void Write(IBufferWriter<byte> output, byte[]?[] fields, byte separator, bool quotes)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                output.Write([separator]);
            ReadOnlySpan<byte> field = fields[i];
            // A line that is empty, or spaces at the ends, are lost by some who read it.
            bool quoted = field.IsEmpty ? fields.Length == 1 : field[0] == ' ' || field[^1] == ' ' || field.Contains(separator)
                || field.IndexOfAny("\"\r\n"u8) >= 0;
            if (!quotes || !quoted)
            {
                output.Write(field);
                continue;
            }

            output.Write("\""u8);
            for (int quote; (quote = field.IndexOf((byte)'"')) >= 0; field = field[(quote + 1)..])
            {
                output.Write(field[..(quote + 1)]);
                output.Write("\""u8);
            }

            output.Write(field);
            output.Write("\""u8);
        }

        output.Write("\n"u8);
    }
}
