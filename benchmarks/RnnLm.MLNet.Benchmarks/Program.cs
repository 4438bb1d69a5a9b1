// Measures what ML.NET adds to the writing of text: a column of prompts continued by Transform, in batches, beside the same prompts one by
// one through a PredictionEngine. The model is gru-256 of `rnnlm bench`, whose figure for 64 texts is what Transform can reach at most.
// Prints a line of JSON for each:
//   dotnet run -c Release --project benchmarks/RnnLm.MLNet.Benchmarks -- [PROMPTS]

using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm;
using RnnLm.MLNet;
using RnnLm.MLNet.Benchmarks;
using RnnLm.MLNet.Transformers;

const int Length = 100;
int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;

var ml = new MLContext(seed: 1);
string characters = string.Concat(Enumerable.Range('!', 64).Select(code => (char)code));
IDataView text = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(_ => new Prompt { Text = characters }));
using RnnLanguageModelTransformer model = ml.Transforms.Text.RnnLanguageModel("Continuation", "Text", new RnnLanguageModelTrainer.Options
{
    Model = { Cell = CellType.Gru, HiddenSize = 256, EmbeddingSize = 128 },
    Training = { Epochs = 0, MaxSteps = 1, ValidationFraction = 0 },   // weights all but random: only the speed is of interest
    Sampling = { Temperature = 0.8, MaxLength = Length },
}).Fit(text);

Prompt[] prompts = [.. Enumerable.Range(0, count).Select(i => new Prompt { Text = characters.Substring(i % 50, 5) })];
using PredictionEngine<Prompt, Continued> engine =
    ml.Model.CreatePredictionEngine<Prompt, Continued>(model, new PredictionEngineOptions { OwnsTransformer = false });
int few = Math.Min(count, 1000);

// The first round is for the just-in-time compiler.
for (int round = 0; round < 2; round++)
{
    Report(round, "transform", count,
        () => model.Transform(ml.Data.LoadFromEnumerable(prompts)).GetColumn<string>("Continuation").Sum(written => written.Length));
    Report(round, "predict", few, () => prompts.Take(few).Sum(prompt => engine.Predict(prompt).Continuation.Length));
}

void Report(int round, string what, int rows, Func<int> write)
{
    var clock = Stopwatch.StartNew();
    int written = write();
    if (written != rows * Length)
        throw new InvalidOperationException($"{written} characters were written for {rows} prompts.");
    if (round > 0)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $$"""{"engine": "managed", "what": "{{what}}", "config": "gru-256", "vocabulary": {{model.Model.Characters.Count}},"""
            + $$""" "prompts": {{rows}}, "threads": {{Environment.ProcessorCount}},"""
            + $$""" "chars_per_s": {{written / clock.Elapsed.TotalSeconds:F0}}}"""));
}
