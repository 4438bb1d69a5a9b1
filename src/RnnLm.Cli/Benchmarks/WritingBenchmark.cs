using System.Diagnostics;
using RnnLm.Engines;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.Cli.Benchmarks;

/// <summary>
/// Measures how many characters of whole texts are written in a second, with all that goes with them, such as a pattern. Weights are
/// random: only the speed is of interest.
/// </summary>
internal sealed class WritingBenchmark(EngineChoice choice, BenchConfig config, double seconds)
{
    private const int Seed = 1, Length = 200;
    private const double Temperature = 0.8;

    // Long enough for the just-in-time compiler to be done, which is no part of the speed.
    private const double WarmUpSeconds = 0.8;

    // In this order, as many as the model has: the smallest has the small letters.
    private const string Characters = "\n abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-";

    /// <summary>
    /// Writes texts side by side, by one pattern after the other and over again, so that all of them meet the machine in the same state.
    /// </summary>
    /// <param name="texts">The number of texts.</param>
    /// <param name="patterns">The patterns that texts match; null for none.</param>
    /// <returns>Characters a second, for each pattern.</returns>
    public double[] Run(int texts, IReadOnlyList<string?> patterns)
    {
        ModelWeights weights = WeightInitializer.Draw(config.Model, WeightInitialization.PyTorch, 0, Seed);
        using ILanguageModelRuntime model = choice.Engine.LoadLanguageModel(
            config.Model, weights, new InferenceOptions { Device = choice.Device, Threads = choice.Threads });
        var vocabulary = new CharVocabulary(Characters.EnumerateRunes().Take(config.Model.VocabularySize), UnknownCharacterPolicy.Skip);
        var framing = new TextFraming(vocabulary, DataMode.Stream);
        IEnumerator<GenerationResult>[] writers = [.. patterns.Select(pattern => Start(model, framing, texts, pattern))];
        try
        {
            foreach (IEnumerator<GenerationResult> writer in writers)
                Measure(writer, texts, WarmUpSeconds);
            var totals = new (long Characters, double Seconds)[writers.Length];
            while (totals[^1].Seconds < seconds)
            {
                for (int i = 0; i < writers.Length; i++)
                {
                    (long characters, double taken) = Measure(writers[i], texts, 0);
                    totals[i] = (totals[i].Characters + characters, totals[i].Seconds + taken);
                }
            }

            return [.. totals.Select(total => total.Characters / total.Seconds)];
        }
        finally
        {
            foreach (IEnumerator<GenerationResult> writer in writers)
                writer.Dispose();
        }
    }

    private static IEnumerator<GenerationResult> Start(ILanguageModelRuntime model, TextFraming framing, int texts, string? pattern)
    {
        var options = new SamplingOptions { Seed = Seed, MaxLength = Length, Temperature = Temperature, Pattern = pattern };
        return new TextGenerator(model, framing, options, texts).Generate(Requests()).GetEnumerator();

        static IEnumerable<GenerationRequest> Requests()
        {
            for (ulong row = 0; ; row++)
                yield return new GenerationRequest(default, row, IsKnownByKey: false);
        }
    }

    /// <summary>Takes as many texts as are written side by side, and over again until so much time has passed.</summary>
    private static (long Characters, double Seconds) Measure(IEnumerator<GenerationResult> writer, int texts, double least)
    {
        long characters = 0;
        var clock = Stopwatch.StartNew();
        do
        {
            for (int i = 0; i < texts && writer.MoveNext(); i++)
                characters += writer.Current.Samples[0].Length;
        }
        while (clock.Elapsed.TotalSeconds < least);
        return (characters, clock.Elapsed.TotalSeconds);
    }
}
