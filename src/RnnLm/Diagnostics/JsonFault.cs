using System.Text.Json;

namespace RnnLm.Diagnostics;

/// <summary>What is wrong with JSON, in words.</summary>
internal static class JsonFault
{
    /// <summary>Returns the message of a parser without the place that it adds, whose line is counted from 0.</summary>
    public static string Describe(Exception fault)
    {
        string message = fault.Message;
        if (fault is JsonException json)
        {
            foreach (string mark in (string[])[" Path: ", " LineNumber: "])
            {
                int place = message.LastIndexOf(mark, StringComparison.Ordinal);
                message = place > 0 && (json.Path is not null || json.LineNumber is not null) ? message[..place] : message;
            }
        }

        return message.TrimEnd();
    }
}
