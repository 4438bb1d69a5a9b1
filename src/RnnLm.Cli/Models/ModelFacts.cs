using System.Text;
using RnnLm.Anomalies;
using RnnLm.Cli.Configuration;
using RnnLm.Cli.Progress;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.Cli.Models;

/// <summary>What is worth knowing about a model, in words.</summary>
internal static class ModelFacts
{
    private const int ShownCharacters = 100, ShownNames = 20;

    public static IEnumerable<(string Name, string Value)> Of(SavedModel model, FileInfo file)
    {
        yield return ("file",
            $"{file.FullName}, {Counted.Of(file.Length, "byte")}, format version {SavedModelReader.FormatOf(model.Vocabulary)}");
        ModelKind kind = ModelKind.Of(model);
        yield return ("kind", kind.Name);
        yield return ("network", Network(model.Config, model.Dropout));
        yield return ("weights", $"{model.Weights.ParameterCount:N0} in {Counted.Of(model.Weights.Count, "tensor")}");
        yield return ("characters", $"{model.Vocabulary.Characters.Count}: {Characters(model.Vocabulary)}");
        yield return ("other characters", model.Vocabulary.UnknownCharacters switch
        {
            UnknownCharacterPolicy.Token => "are read as the unknown token",
            UnknownCharacterPolicy.Skip => "are left out",
            _ => "are an error",
        });
        yield return ("trained on", kind.TrainedOn(model));
        if (model.Conditions.Count > 0)
            yield return ("conditions", Names(model.Conditions));
        if (model.Classes.Count > 0)
            yield return ("classes", Names(model.Classes));
        if (model.TrainingText is { } filter)
        {
            yield return ("training text", filter.WindowLength == 0
                ? $"kept as a filter of whole rows; one in {1 / filter.FalsePositiveRate:N0} new rows is taken for known"
                : $"kept as a filter of {filter.WindowLength} characters each; one in {1 / filter.FalsePositiveRate:N0} new windows is "
                + "taken for known");
        }

        if (model.Calibration is { } calibration)
            yield return ("calibration", Calibration(calibration));
        foreach ((string part, string column) in model.Columns)
            yield return ($"column: {part}", column);
        if (model.Training is { } training)
        {
            yield return ("training", $"{Counted.Of(training.Steps, "step")} in {ProgressText.Time(training.Elapsed)} at "
                + $"{ProgressText.Rate(training.CharactersPerSecond)} {kind.Words.Many}/s, "
                + $"{(training.Seed is { } seed ? $"seed {seed}, " : "")}ended: {training.StopReason}");
            if (training.Privacy is { } privacy)
                yield return ("privacy", Privacy(privacy));
            if (training.Validation is { } text)
            {
                string unknown = text.UnknownCharacters == 0 ? "" : $", without {Unknown.Share(text)} unknown characters; "
                    + $"perplexity without them {text.KnownPerplexity:F4}";
                yield return ("validation data",
                    $"{Counted.Of(text.Count, "character")}, {text.BitsPerByte:F4} bits per byte{unknown}");
            }
            if (training.ValidationLoss is double loss)
                yield return ("validation loss", $"{loss:F4} nats per {kind.PerTarget(loss)}, at step {training.BestStep:N0}");
            foreach (TrainingProgress evaluation in Thin(training.History.Where(p => p.ValidationLoss is not null)))
            {
                yield return ($"  step {evaluation.Step:N0}",
                    $"{(double.IsNaN(evaluation.Loss) ? "" : $"loss {evaluation.Loss:F4}, ")}validation "
                    + $"{evaluation.ValidationLoss:F4}{kind.EvaluationFigures(evaluation)}");
            }
        }

        foreach ((string name, string value) in model.Metadata.Where(m => m.Key is not (TrainedModel.ConfigKey or TrainedModel.RowsKey)))
            yield return (name, value);
    }

    /// <summary>Says what private training guarantees, and by what.</summary>
    public static string Privacy(PrivacyGuarantee privacy) =>
        $"epsilon {privacy.Epsilon:G4} at delta {privacy.Delta:G3} for each "
        + $"row{(privacy.IsFromPreviousModel ? ", without what the previous model tells" : "")}: "
        + $"noise {privacy.NoiseMultiplier:G4}, gradients clipped to {privacy.ClipNorm:G4}, rows drawn with probability "
        + $"{privacy.SamplingRate:G4} "
        + $"in each of {Counted.Of(privacy.Steps, "step")}";

    /// <summary>Says what a check for anomalies goes by.</summary>
    private static string Calibration(CalibrationData calibration)
    {
        string threshold = $"an anomaly has a p-value of at most {calibration.Threshold:G4}";
        return $"{Counted.Of(calibration.Rows.Count, "held-out row")}; {threshold}, "
            + (calibration.Threshold == calibration.FalsePositiveRate ? "which is the false-positive rate" : "chosen by bad rows")
            + (calibration.TwoSided ? "; two-sided: what is much too likely is an anomaly too" : "");
    }

    private static string Network(ModelConfig config, DropoutRates dropout)
    {
        var text = new StringBuilder($"{(config.Bidirectional ? "bidirectional " : "")}{config.Cell.ToString().ToUpperInvariant()}, "
            + $"{config.Layers} x {Counted.Of(config.HiddenSize, "hidden unit")}, ");
        text.Append(config.EmbeddingSize > 0 ? $"embedding {config.EmbeddingSize}" : "one-hot input");
        if (config.Classes > 0)
            text.Append($", {config.Pooling.ToString().ToLowerInvariant()} pooling");
        if (config.TieWeights)
            text.Append(", tied weights");
        if (config.InitialState != InitialState.Zeros)
            text.Append($", initial state {config.InitialState.ToString().ToLowerInvariant()}");
        foreach ((string name, double share) in new[] { ("dropout", dropout.BetweenLayers), ("input dropout", dropout.Input),
            ("output dropout", dropout.Output), ("recurrent dropout", dropout.Recurrent) })
            text.Append(share > 0 ? $", {name} {share}" : "");
        return text.ToString();
    }

    private static string Characters(CharVocabulary vocabulary)
    {
        string shown = string.Concat(vocabulary.Characters.Take(ShownCharacters)
            .Select(c => Rune.IsControl(c) ? System.Text.RegularExpressions.Regex.Escape(c.ToString()) : c.ToString()));
        return vocabulary.Characters.Count > ShownCharacters ? shown + "…" : shown;
    }

    private static string Names(IReadOnlyList<string> names) =>
        $"{names.Count}: {string.Join(", ", names.Take(ShownNames))}{(names.Count > ShownNames ? ", …" : "")}";

    /// <summary>Takes at most a screenful, first and last among them.</summary>
    private static IEnumerable<TrainingProgress> Thin(IEnumerable<TrainingProgress> all)
    {
        TrainingProgress[] points = [.. all];
        int count = Math.Min(points.Length, 10);
        return Enumerable.Range(0, count).Select(i => points[count == 1 ? 0 : (int)((long)i * (points.Length - 1) / (count - 1))]);
    }
}
