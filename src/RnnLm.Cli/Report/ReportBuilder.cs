using RnnLm.Cli.Models;
using RnnLm.Cli.Progress;
using RnnLm.Diagnostics;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Report;

/// <summary>Gathers what a report shows.</summary>
internal static class ReportBuilder
{
    /// <summary>Returns what is known of a model by its file alone.</summary>
    public static ReportData Describe(SavedModel model, FileInfo file)
    {
        TrainingSummary? training = model.Training;
        ReportFact[] facts = [.. ModelFacts.Of(model, file)
            // The history is drawn, and where the file lies is nobody's business who is shown the report.
            .Where(fact => !fact.Name.StartsWith(' ') && fact.Name is not ("file" or "kind"))
            .Select(fact => new ReportFact(fact.Name, fact.Value))];
        return new(
            Path.GetFileNameWithoutExtension(file.Name),
            ModelKind.Of(model).Title(model),
            [.. Figures(model)],
            [new("file", $"{file.Name}, {Counted.Of(file.Length, "byte")}"), .. facts],
            [.. (training?.History ?? []).Select(Step)],
            training is { ValidationLoss: not null } ? training.BestStep : null,
            [], null, CharacterCounter.None(model.Vocabulary))
        {
            IsClassifier = ModelKind.Of(model) == ModelKind.Classifier,
        };
    }

    /// <summary>Writes texts at several temperatures.</summary>
    public static IReadOnlyList<ReportSample> Sample(
        RnnLanguageModel model, string[] prompts, string? condition, double[] temperatures, int length, long seed, CancellationToken stop)
    {
        SamplingOptions options = model.Sampling;
        (options.MaxLength, options.MinLength, options.Seed, options.NumSamples, options.Beams, options.IncludePrompt) =
            (length, 0, seed, 1, 1, false);
        options.MaxLengthLimit = Math.Max(length, options.MaxLengthLimit);
        var texts = prompts.Select(_ => new List<TemperatureSample>()).ToArray();
        foreach (double temperature in temperatures)
        {
            options.Temperature = temperature;
            int row = 0;
            foreach (IReadOnlyList<GeneratedText> samples in model.GenerateAll(prompts, options, condition, stop))
                texts[row++].Add(new(temperature, samples[0].Text, samples[0].FinishReason != FinishReason.Length));
        }

        return [.. prompts.Zip(texts, (prompt, written) => new ReportSample(prompt, written))];
    }

    private static IEnumerable<ReportFact> Figures(SavedModel model)
    {
        TrainingSummary? training = model.Training;
        double? loss = training?.ValidationLoss ?? training?.Loss;
        string of = training?.ValidationLoss is null ? "training" : "validation";
        if (loss is double nats && double.IsFinite(nats))
        {
            yield return new($"{of} loss", $"{nats:F3}");
            foreach ((string name, string value) in ModelKind.Of(model).Figures(nats, training!))
                yield return new(name, value);
        }

        yield return new("weights", $"{model.Weights.ParameterCount:N0}");
        if (training is null)
            yield break;
        yield return new("steps", $"{training.Steps:N0}");
        if (training.Privacy is { } privacy)
            yield return new($"epsilon at delta {privacy.Delta:G3}", $"{privacy.Epsilon:G3}");
        yield return new("training time", ProgressText.Time(training.Elapsed));
        yield return new(ModelKind.Of(model).Words.One + "s/s", ProgressText.Rate(training.CharactersPerSecond));
    }

    private static ReportStep Step(TrainingProgress at) => new(
        at.Step, at.Epoch, Math.Round(at.Elapsed.TotalSeconds, 1), Finite(at.Loss), Finite(at.ValidationLoss),
            Finite(at.ValidationAccuracy),
        Finite(at.LearningRate), Finite(at.GradientNorm), Finite(at.CharactersPerSecond));

    private static double? Finite(double? value) => value is double number && double.IsFinite(number) ? double.Parse($"{number:G6}") : null;
}
