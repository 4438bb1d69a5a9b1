using System.Buffers;
using System.Text;
using System.Text.Json;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>Results as lines of a table: a value that is a list or an object is written as JSON.</summary>
internal static class TableLine
{
    /// <summary>Writes the line with the names of the columns.</summary>
    public static void WriteNames(IBufferWriter<byte> output, IReadOnlyList<string> names, byte separator) =>
        Write(output, [.. names.Select(Encoding.UTF8.GetBytes)], separator);

    /// <summary>Writes an object as a line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="record">The object.</param>
    /// <param name="names">The columns.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="row">The row that it is of.</param>
    /// <exception cref="TextDataException">The object has a member that is no column.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> record, IReadOnlyList<string> names, byte separator,
        InputRow row)
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

        Write(output, fields, separator);
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

    private static void Write(IBufferWriter<byte> output, byte[]?[] fields, byte separator)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                output.Write([separator]);
            ReadOnlySpan<byte> field = fields[i];
            // A line that is empty, or spaces at the ends, are lost by some who read it.
            bool quoted = field.IsEmpty ? fields.Length == 1 : field[0] == ' ' || field[^1] == ' ' || field.Contains(separator)
                || field.IndexOfAny("\"\r\n"u8) >= 0;
            if (!quoted)
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
