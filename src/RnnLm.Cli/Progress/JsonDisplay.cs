using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Progress;

/// <summary>A line of JSON for each report, for programs.</summary>
internal sealed class JsonDisplay(TextWriter output) : TrainingDisplay
{
    private bool _isBroken;

    /// <inheritdoc/>
    public override void Report(TrainingProgress value) => Write(() => JsonLine.Write(output, json =>
    {
        json.WriteString("event", "progress");
        json.WriteNumber("epoch", value.Epoch);
        json.WriteNumber("step", value.Step);
        json.WriteFinite("fraction", value.Fraction);
        json.WriteFinite("loss", value.Loss);
        json.WriteFinite("smoothed_loss", value.SmoothedLoss);
        json.WriteFinite("validation_loss", value.ValidationLoss);
        json.WriteFinite("validation_accuracy", value.ValidationAccuracy);
        json.WriteFinite("validation_macro_f1", value.ValidationMacroF1);
        json.WriteFinite("best_validation_loss", value.BestValidationLoss);
        json.WriteFinite("perplexity", value.Perplexity);
        json.WriteFinite("bits_per_character", value.BitsPerCharacter);
        json.WriteFinite("bits_per_byte", value.Validation?.BitsPerByte);
        json.WriteFinite("learning_rate", value.LearningRate);
        json.WriteFinite("gradient_norm", value.GradientNorm);
        json.WriteFinite("privacy_epsilon", value.PrivacyEpsilon);
        json.WriteFinite("chars_per_s", Math.Round(value.CharactersPerSecond));
        json.WriteFinite("elapsed_s", value.Elapsed.TotalSeconds);
        json.WriteFinite("remaining_s", value.Remaining?.TotalSeconds);
    }));

    /// <inheritdoc/>
    public override void Report(LogMessage value) => Write(() => JsonLine.Write(output, json =>
    {
        json.WriteString("event", "log");
        json.WriteString("severity", value.Severity.ToString().ToLowerInvariant());
        json.WriteString("text", value.Describe(Words));
    }));

    private void Write(Action write)
    {
        if (_isBroken)
            return;
        try
        {
            write();
            output.Flush();
        }
        catch (IOException)
        {
            // A training is worth more than its reports; the command's own lines say in the end that they can't be written.
            _isBroken = true;
        }
    }
}
