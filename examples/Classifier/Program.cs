// A text classifier without ML.NET: learns what kind of thing a customer typed into a field, is saved, loaded, and asked.
using System.Globalization;
using Classifier;
using RnnLm;

// What is written lies beside the program.
Environment.CurrentDirectory = AppContext.BaseDirectory;

var options = new TextClassifierOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 32, EmbeddingSize = 16 },
    Classifier = { Bidirectional = true, Pooling = Pooling.Last, ClassBalance = 0.5 },
    Data = { BatchSize = 32 },
    Optimizer = { LearningRate = 0.004, Schedule = LearningRateSchedule.Cosine },
    Training =
    {
        Epochs = 8,
        Seed = 1,
        Progress = new Progress<TrainingProgress>(p =>
            Console.WriteLine($"epoch {p.Epoch}: loss {p.Loss:F3}, accuracy {p.ValidationAccuracy:F3}"))
    },
};
using RnnTextClassifier trained = RnnTextClassifier.Train(Codes.Rows(3000, seed: 1), options);
trained.Save("codes.zip");

using RnnTextClassifier model = RnnTextClassifier.Load("codes.zip");
TextClassification answer = model.Classify("54-47813");
Console.WriteLine($"{answer.Label}: {answer.Probabilities.Max():P1}");

string[] texts = ["WELCOME2O", "R-9147", "3 Junne", "12 81234", ""];
foreach ((string text, TextClassification kind) in texts.Zip(model.ClassifyAll(texts)))
    Console.WriteLine($"'{text}' is {(kind.Probabilities.Max() > 0.8 ? kind.Label : $"perhaps {kind.Label}")}");

// What came later has a kind that the model does not know. Trained further, on rows of the old kinds too, it learns that.
LabelledText[] later = [.. Enumerable.Range(0, 300).Select(i => new LabelledText($"{20 + (i % 60)} × {30 + (i % 90)} cm", "size"))];
var more = new TextClassifierOptions
{
    Vocabulary = { Grow = true },
    Optimizer = { LearningRate = 0.001 },
    Training = { Epochs = 2, Seed = 2 },
};
using RnnTextClassifier further = RnnTextClassifier.Train([.. Codes.Rows(3000, seed: 3), .. later], more, previous: model);
Console.WriteLine($"'41 × 58 cm' is {model.Classify("41 × 58 cm").Label} before, and {further.Classify("41 × 58 cm").Label} now");

ClassifierEvaluation unseen = model.Evaluate(Codes.Rows(1000, seed: 2));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT accuracy={unseen.Accuracy:F4} macro_f1={unseen.MacroF1:F4} seconds={model.TrainingSummary!.Elapsed.TotalSeconds:F1}"));
