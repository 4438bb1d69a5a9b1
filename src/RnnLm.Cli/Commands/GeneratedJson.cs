using System.Text.Json;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Written texts as JSON.</summary>
internal static class GeneratedJson
{
    public static void Write(TextWriter output, string prompt, GeneratedText text) => JsonLine.Write(output, json =>
    {
        json.WriteString("prompt", prompt);
        json.WriteString("continuation", text.Text);
        json.WriteString("finish_reason", FinishReason(text));
        json.WriteNumber("length", text.Length);
        json.WriteFinite("log_probability", text.LogProbability);
    });

    public static string FinishReason(GeneratedText text) => JsonNamingPolicy.SnakeCaseLower.ConvertName(text.FinishReason.ToString());
}
