namespace RnnLm.Cli;

/// <summary>Writes evaluations: as lines of JSON at once, or as a table at the end.</summary>
internal sealed class EvaluationReport(TextWriter output, bool json)
{
    private readonly Table _table = new(2, "model", "text", "characters", "nats/char", "bits/char", "perplexity");

    public void Add(string model, string text, Evaluation evaluation)
    {
        if (json)
        {
            JsonLine.Write(output, line =>
            {
                line.WriteString("model", model);
                line.WriteString("text", text);
                line.WriteNumber("characters", evaluation.Count);
                line.WriteNumber("unknown_characters", evaluation.Unknown);
                line.WriteFinite("nats_per_character", evaluation.NatsPerCharacter);
                line.WriteFinite("bits_per_character", evaluation.BitsPerCharacter);
                line.WriteFinite("perplexity", evaluation.Perplexity);
            });
            return;
        }

        string unknown = evaluation.Unknown > 0 ? $" ({evaluation.Unknown:N0} unknown)" : "";
        string[] figures = evaluation.Count == 0
            ? ["-", "-", "-"]
            : [$"{evaluation.NatsPerCharacter:F4}", $"{evaluation.BitsPerCharacter:F4}", $"{evaluation.Perplexity:F4}"];
        _table.Add([model, text, $"{evaluation.Count:N0}{unknown}", .. figures]);
    }

    public void Finish()
    {
        if (!json)
            _table.Write(output);
    }
}
