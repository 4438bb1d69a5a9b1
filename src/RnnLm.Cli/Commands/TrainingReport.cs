using RnnLm.Cli.Models;
using RnnLm.Cli.Progress;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.ModelFiles;

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
        ModelKind kind = ModelKind.Of(model);
        string loss = summary.ValidationLoss is null && double.IsNaN(summary.Loss)
            ? "the model keeps no training loss"
            : summary.ValidationLoss is double validation
            ? $"validation loss {validation:F4} nats per {kind.Words.One} ({kind.ValidationQuality(validation, summary)}), at step "
            + $"{summary.BestStep:N0}"
            : $"training loss {summary.Loss:F4} nats per {kind.Words.One}{kind.TrainingQuality(summary.Loss)}";
        string text = $"{Counted.Of(summary.Steps, "step")} in "
            + $"{ProgressText.Time(summary.Elapsed)} ({ProgressText.Rate(summary.CharactersPerSecond)} {kind.Words.Many}/s){why}: {loss}.";
        // A terminal would break the line within a word.
        int width = context.IsOutputTerminal ? context.Status.Profile.Width - 1 : int.MaxValue;
        foreach (string line in ProgressText.Lines(text.Split(' '), width, " "))
            context.Output.WriteLine(line);
        if (summary.Privacy is { } privacy)
            context.Output.WriteLine($"Privacy: {ModelFacts.Privacy(privacy)}.");
        context.Output.WriteLine($"Saved {path}");
    }

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

        json.WriteFinite("validation_accuracy", ModelKind.Kept(summary)?.ValidationAccuracy);
        json.WriteFinite("validation_macro_f1", ModelKind.Kept(summary)?.ValidationMacroF1);
        json.WriteFinite("seconds", summary.Elapsed.TotalSeconds);
        json.WriteFinite("chars_per_s", Math.Round(summary.CharactersPerSecond));
        if (summary.Seed is { } seed)
            json.WriteNumber("seed", seed);
        if (summary.Privacy is { } privacy)
        {
            json.WriteFinite("privacy_epsilon", privacy.Epsilon);
            json.WriteFinite("privacy_delta", privacy.Delta);
        }
    });
}
