using RnnLm.Cli.Progress;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.ModelFiles;
using RnnLm.Modeling;

namespace RnnLm.Cli.Commands;

/// <summary>Says what came of a training.</summary>
internal static class TrainingReport
{
    public static void Write(CommandContext context, bool json, string path, SavedModel model)
    {
        TrainingSummary summary = model.Training!;
        if (summary.Validation is { HasManyUnknown: true } unknown)
            context.Warn(Unknown.Warning(unknown, "of the validation data", "the model"));
        if (json)
        {
            WriteJson(context.Output, path, summary);
            return;
        }

        string why = summary.StopReason switch
        {
            StopReason.TimeUp => ", time up",
            StopReason.EarlyStopping => ", no better for a while",
            StopReason.Cancelled => ", stopped",
            StopReason.Diverged => ", diverged",
            _ => "",
        };
        bool classifies = model.Config.Task == ModelTask.Classification;
        string each = classifies ? "text" : "character";
        string loss = summary.ValidationLoss is double validation
            ? $"validation loss {validation:F4} nats per {each} ({(classifies ? $"accuracy {Kept(summary)?.ValidationAccuracy:F4}, macro F1 {Kept(summary)?.ValidationMacroF1:F4}" : Quality(validation, summary.Validation))}), at step {summary.BestStep:N0}"
            : $"training loss {summary.Loss:F4} nats per {each}{(classifies ? "" : $" ({Quality(summary.Loss, null)})")}";
        string text = $"{Counted.Of(summary.Steps, "step")} in {ProgressText.Time(summary.Elapsed)} ({ProgressText.Rate(summary.CharactersPerSecond)} {(classifies ? "texts" : "chars")}/s){why}: {loss}.";
        // A terminal would break the line within a word.
        int width = context.IsOutputTerminal ? context.Status.Profile.Width - 1 : int.MaxValue;
        foreach (string line in ProgressText.Lines(text.Split(' '), width, " "))
            context.Output.WriteLine(line);
        context.Output.WriteLine($"Saved {path}");
    }

    /// <summary>Says the loss in other words, with what is known of the text: the bits for each byte, and where characters are unknown, the figures without them.</summary>
    private static string Quality(double nats, TextEvaluation? text)
    {
        string perByte = text is { KnownCount: > 0 } known ? $", {known.BitsPerByte:F3} bits per byte" : "";
        string all = $"{nats / Math.Log(2):F3} bits{(text is { UnknownCharacters: > 0 } ? "" : perByte)}, perplexity {Math.Exp(nats):F3}";
        return text is { UnknownCharacters: > 0, KnownCount: 0 } ? $"{all}; all characters are unknown"
            : text is { UnknownCharacters: > 0 } some ? $"{all}; without the {Unknown.Share(some)} unknown characters {some.KnownNatsPerCharacter / Math.Log(2):F3} bits{perByte}, perplexity {some.KnownPerplexity:F3}"
            : all;
    }

    /// <summary>Returns the report of the weights that were kept.</summary>
    private static TrainingProgress? Kept(TrainingSummary summary) => summary.History.FirstOrDefault(report => report.Step == summary.BestStep && report.ValidationLoss is not null);

    private static void WriteJson(TextWriter output, string path, TrainingSummary summary) => JsonLine.Write(output, json =>
    {
        json.WriteString("event", "done");
        json.WriteString("model", path);
        json.WriteString("stop_reason", System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(summary.StopReason.ToString()));
        json.WriteNumber("steps", summary.Steps);
        json.WriteNumber("best_step", summary.BestStep);
        json.WriteFinite("loss", summary.Loss);
        json.WriteFinite("smoothed_loss", summary.SmoothedLoss);
        json.WriteFinite("validation_loss", summary.ValidationLoss);
        json.WriteFinite("validation_perplexity", summary.ValidationLoss is double loss ? Math.Exp(loss) : null);
        if (summary.Validation is { } text)
        {
            json.WriteNumber("validation_characters", text.Count);
            json.WriteNumber("validation_unknown_characters", text.UnknownCharacters);
            json.WriteFinite("validation_unknown_share", text.UnknownShare);
            json.WriteFinite("validation_bits_per_character", text.BitsPerCharacter);
            json.WriteFinite("validation_bits_per_byte", text.BitsPerByte);
            json.WriteFinite("validation_known_perplexity", text.KnownPerplexity);
        }

        json.WriteFinite("validation_accuracy", Kept(summary)?.ValidationAccuracy);
        json.WriteFinite("validation_macro_f1", Kept(summary)?.ValidationMacroF1);
        json.WriteFinite("seconds", summary.Elapsed.TotalSeconds);
        json.WriteFinite("chars_per_s", Math.Round(summary.CharactersPerSecond));
        json.WriteNumber("seed", summary.Seed);
    });
}
