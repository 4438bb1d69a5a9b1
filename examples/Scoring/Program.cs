// What a language model does besides writing. It learns what article numbers look like from good ones, without any label; then
// - its scores find mistyped numbers among good ones, and say where the mistake is;
// - its suggestions complete a number that is being typed, and correct a typo in it;
// - its features, the state of the network after reading a number, let a linear classifier tell suppliers apart from a few labelled
//   numbers.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm;
using RnnLm.MLNet;
using Scoring;

var ml = new MLContext(seed: 1);
var numbers = new ArticleNumbers(seed: 1);
IDataView good = ml.Data.LoadFromEnumerable(numbers.Take(4000));

var trainer = ml.Transforms.Text.RnnLanguageModel("Continuation", "Text", new RnnLanguageModelTrainer.Options
{
    Model = { Cell = CellType.Gru, HiddenSize = 64 },
    Data = { Mode = DataMode.Rows, BatchSize = 32 },
    Optimizer = { LearningRate = 0.01, Schedule = LearningRateSchedule.Cosine },
    Training = { Epochs = 8 },
});
using RnnLanguageModelTransformer model = trainer.Fit(good);

using RnnTextScorer scorer = model.ToScorer();                 // LogProbability, NatsPerCharacter, Perplexity, LeastLikelyPosition
using RnnTextFeaturizer featurizer = model.ToFeaturizer();     // Features: the hidden state, one slot for each unit

// Suspicious is what one good number in two hundred exceeds.
float[] usual = [.. scorer.Transform(good).GetColumn<float>("Perplexity").Order()];
float limit = usual[usual.Length * 199 / 200];
var check = scorer
    .Append(ml.Transforms.Expression("Score", FormattableString.Invariant($"perplexity => perplexity - {limit}f"), "Perplexity"))
    .Append(ml.Transforms.Expression("PredictedLabel", "score => score > 0", "Score"));

IDataView typed = ml.Data.LoadFromEnumerable(numbers.Take(2000, malformed: 0.1));
IDataView judged = check.Fit(typed).Transform(typed);
BinaryClassificationMetrics found = ml.BinaryClassification.EvaluateNonCalibrated(judged, labelColumnName: "Malformed");
Console.WriteLine($"Above a perplexity of {limit:F1}: {found.PositiveRecall:P1} of the mistyped numbers are found, and "
    + $"{found.PositivePrecision:P1} of what is found is mistyped. For example:");
foreach (Judgement number in ml.Data.CreateEnumerable<Judgement>(judged, reuseRowObject: false).Where(number => number.PredictedLabel)
    .Take(5))
    Console.WriteLine($"  {number.Text,-12} perplexity {number.Perplexity,6:F1}, least likely {Where(number)}");

using RnnTextSuggester suggester = model.ToSuggester(new() { Suggest = { Count = 3, To = SuggestTo.End, Typos = 1 } });
using var engine = ml.Model.CreatePredictionEngine<ArticleNumber, Completed>(suggester);
Completed completed = engine.Predict(new ArticleNumber { Text = "KB4471-" });
Console.WriteLine(string.Join(", ", completed.Suggestions.Zip(completed.Probabilities, (text, share) => $"{text} {share:P0}")));

var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Supplier")
    .Append(featurizer)
    .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy());
var classifier = pipeline.Fit(ml.Data.LoadFromEnumerable(numbers.Take(100)));
MulticlassClassificationMetrics told =
    ml.MulticlassClassification.Evaluate(classifier.Transform(ml.Data.LoadFromEnumerable(numbers.Take(2000))));
Console.WriteLine($"From 100 labelled numbers, the supplier of {told.MicroAccuracy:P1} of others is told.");

// Calibrated on good numbers that the model was not trained on, the rate of false alarms is known beforehand.
IEnumerable<TextRow> heldOut = numbers.Take(1000).Select(number => TextRow.Row(number.Text));
AnomalyDetector detector = model.Model.Calibrate(heldOut, new AnomalyOptions { FalsePositiveRate = 0.01 });
foreach (string number in new[] { "KB-4471-23", "KB-44712-3", "KB-4471-2K", "john" })
{
    TextCheck result = detector.Check(number);
    Console.WriteLine(result.IsAnomaly
        ? $"{number}: p = {result.PValue:F4}, least likely at {result.LeastLikelyPosition}, where '{result.Suggestion ?? "?"}' is likelier"
        : $"{number}: p = {result.PValue:F4}, plausible");
}

string file = Path.Combine(AppContext.BaseDirectory, "articles.zip");
detector.Save(file);
using RnnLanguageModel saved = RnnLanguageModel.Load(file);
Console.WriteLine(saved.AnomalyDetector!.Check("KB-4471-23").IsAnomaly);

Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT area_under_curve={found.AreaUnderRocCurve:F4} accuracy={told.MicroAccuracy:F4} "
    + $"seconds={model.Model.TrainingSummary!.Elapsed.TotalSeconds:F1}"));

static string Where(Judgement number) => number.LeastLikelyPosition < number.Text.Length
    ? $"'{number.Text[number.LeastLikelyPosition]}' at {number.LeastLikelyPosition}" : "that it ends here";
