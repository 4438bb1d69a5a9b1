using System.Text.Json;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Written texts as JSON.</summary>
internal static class GeneratedJson
{
    /// <summary>Writes a text.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="prompt">What it continues.</param>
    /// <param name="text">The text.</param>
    /// <param name="inTrainingText">Whether it occurs in the training text; null where the model can't tell.</param>
    public static void Write(TextWriter output, string prompt, GeneratedText text, bool? inTrainingText) => JsonLine.Write(output, json =>
    {
        json.WriteString("prompt", prompt);
        json.WriteString("continuation", text.Text);
        json.WriteString("finish_reason", FinishReason(text));
        json.WriteNumber("length", text.Length);
        json.WriteFinite("log_probability", text.LogProbability);
        if (inTrainingText is { } occurs)
            json.WriteBoolean("in_training_text", occurs);
    });

    public static string FinishReason(GeneratedText text) => JsonNamingPolicy.SnakeCaseLower.ConvertName(text.FinishReason.ToString());
}
