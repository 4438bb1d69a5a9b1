// What a language model does besides writing. It learns what article numbers look like from good ones, without any label; then
// - its scores, compared with those of good numbers that it was not trained on, find mistyped ones and say where the mistake is;
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

float[] perplexities = [.. scorer.Transform(ml.Data.LoadFromEnumerable(numbers.Take(1000))).GetColumn<float>("Perplexity").Order()];
Console.WriteLine($"Of good numbers, half have a perplexity above {perplexities[500]:F1}, and one in a hundred one above "
    + $"{perplexities[990]:F1}.");

// Calibrated on good numbers that the model was not trained on, so that the rate of false alarms is known beforehand: one in a hundred.
using RnnTextAnomalyDetector detector = model.ToAnomalyDetector(ml.Data.LoadFromEnumerable(numbers.Take(1000)));
IDataView judged = detector.Transform(ml.Data.LoadFromEnumerable(numbers.Take(2000, malformed: 0.1)));
AnomalyDetectionMetrics found = ml.AnomalyDetection.Evaluate(judged, labelColumnName: "Malformed");
Judgement[] judgements = [.. ml.Data.CreateEnumerable<Judgement>(judged, reuseRowObject: false)];
Judgement[] alarms = [.. judgements.Where(number => number.PredictedLabel)];
Console.WriteLine($"{alarms.Count(number => number.Malformed > 0) / judgements.Sum(number => number.Malformed):P1} of the mistyped numbers "
    + $"are found, and {alarms.Count(number => number.Malformed == 0)} good ones are called mistyped. For example:");
foreach (Judgement number in alarms.Take(5))
    Console.WriteLine($"  {number.Text,-12} p = {number.PValue:F4}, least likely {Where(number)}");

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

// The same in one step, and for each supplier by itself: a number in another's form is an anomaly, too.
var each = ml.AnomalyDetection.Trainers.RnnText(new RnnTextAnomalyDetectionTrainer.Options
{
    Model = { Cell = CellType.Gru, HiddenSize = 64 },
    Data = { BatchSize = 32 },
    Optimizer = { LearningRate = 0.01, Schedule = LearningRateSchedule.Cosine },
    Training = { Epochs = 8 },
    ConditionColumnName = "Supplier",
});
using RnnTextAnomalyDetector bySupplier = each.Fit(good);
ArticleNumber[] tried = [new() { Text = "44K-713-BD", Supplier = "Tessin" }, new() { Text = "44K-713-BD", Supplier = "Halden" }];
bool[] isAnomaly = [.. bySupplier.Transform(ml.Data.LoadFromEnumerable(tried)).GetColumn<bool>("PredictedLabel")];
Console.WriteLine($"44K-713-BD of Tessin: {(isAnomaly[0] ? "an anomaly" : "plausible")}; of Halden: "
    + $"{(isAnomaly[1] ? "an anomaly" : "plausible")}");

// And without ML.NET.
IEnumerable<TextRow> heldOut = numbers.Take(1000).Select(number => TextRow.Row(number.Text));
AnomalyDetector checker = model.Model.Calibrate(heldOut, new AnomalyOptions { FalsePositiveRate = 0.01 });
foreach (string number in new[] { "KB-4471-23", "KB-44712-3", "KB-4471-2K", "john" })
{
    TextCheck result = checker.Check(number);
    Console.WriteLine(result.IsAnomaly
        ? $"{number}: p = {result.PValue:F4}, least likely at {result.LeastLikelyPosition}, where '{result.Suggestion ?? "?"}' is likelier"
        : $"{number}: p = {result.PValue:F4}, plausible");
}

string file = Path.Combine(AppContext.BaseDirectory, "articles.zip");
checker.Save(file);
using RnnLanguageModel saved = RnnLanguageModel.Load(file);
Console.WriteLine(saved.AnomalyDetector!.Check("KB-4471-23").IsAnomaly);

Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT area_under_curve={found.AreaUnderRocCurve:F4} accuracy={told.MicroAccuracy:F4} "
    + $"seconds={model.Model.TrainingSummary!.Elapsed.TotalSeconds:F1}"));

static string Where(Judgement number) => number.LeastLikelyPosition < number.Text.Length
    ? $"'{number.Text[number.LeastLikelyPosition]}' at {number.LeastLikelyPosition}" : "that it ends here";
