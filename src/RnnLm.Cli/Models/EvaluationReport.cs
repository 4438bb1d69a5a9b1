using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Models;

/// <summary>Writes evaluations: as lines of JSON at once, or as a table at the end. Where many characters are unknown, it says so, and what
/// the figures are without them.</summary>
internal sealed class EvaluationReport(CommandContext context, bool json)
{
    private readonly Table _table = new(2, "model", "text", "characters", "nats/char", "bits/char", "bits/byte", "perplexity");

    public void Add(string model, string text, TextEvaluation evaluation)
    {
        if (evaluation.HasManyUnknown)
            context.Warn(Unknown.Warning(evaluation, $"of {(text == All ? "all texts" : $"'{text}'")}", $"'{model}'"));
        if (json)
        {
            WriteJson(model, text, evaluation);
            return;
        }

        string unknown = evaluation.UnknownCharacters > 0
            ? $" ({evaluation.UnknownCharacters:N0} unknown, {Unknown.Share(evaluation)})"
            : "";
        _table.Add([model, text, $"{evaluation.Count:N0}{unknown}",
            .. Figures(evaluation.Count, evaluation.NatsPerCharacter, evaluation.UnknownCharacters > 0 ? null : evaluation.BitsPerByte)]);
        if (evaluation.UnknownCharacters > 0)
            _table.Add(["", "  without the unknown", $"{evaluation.KnownCount:N0}",
                .. Figures(evaluation.KnownCount, evaluation.KnownNatsPerCharacter, evaluation.BitsPerByte)]);
    }

    /// <summary>The name of the sum over all texts.</summary>
    public const string All = "all";

    public void Finish()
    {
        if (!json)
            _table.Write(context.Output);
    }

    /// <summary>Returns the figures of a line. The bytes of unknown characters are no part of what the model predicts, so that there are
    /// none for each byte.</summary>
    private static string[] Figures(long count, double nats, double? bitsPerByte) => count == 0 ? ["-", "-", "-", "-"]
        : [$"{nats:F4}", $"{nats / Math.Log(2):F4}", bitsPerByte is double bits ? $"{bits:F4}" : "-", $"{Math.Exp(nats):F4}"];

    private void WriteJson(string model, string text, TextEvaluation evaluation) => JsonLine.Write(context.Output, line =>
    {
        line.WriteString("model", model);
        line.WriteString("text", text);
        line.WriteNumber("characters", evaluation.Count);
        line.WriteNumber("unknown_characters", evaluation.UnknownCharacters);
        line.WriteFinite("unknown_share", evaluation.UnknownShare);
        line.WriteFinite("nats_per_character", evaluation.NatsPerCharacter);
        line.WriteFinite("bits_per_character", evaluation.BitsPerCharacter);
        line.WriteFinite("bits_per_byte", evaluation.BitsPerByte);
        line.WriteFinite("perplexity", evaluation.Perplexity);
        line.WriteNumber("known_characters", evaluation.KnownCount);
        line.WriteNumber("known_bytes", evaluation.KnownBytes);
        line.WriteFinite("known_nats_per_character", evaluation.KnownNatsPerCharacter);
        line.WriteFinite("known_perplexity", evaluation.KnownPerplexity);
    });
}
