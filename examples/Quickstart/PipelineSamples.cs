using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm;
using RnnLm.MLNet;

namespace Quickstart;

/// <summary>The code that docs/ml-net.md, docs/classification.md and docs/generate.md show.</summary>
internal static class PipelineSamples
{
    public static void Train()
    {
        var ml = new MLContext();
        IDataView data = ml.Data.LoadFromTextFile<Message>("messages.txt");

        var pipeline = ml.Transforms.Text.RnnLanguageModel("Continuation", "Text", new RnnLanguageModelTrainer.Options
        {
            Model = { Cell = CellType.Gru, HiddenSize = 256 },
            Data = { Mode = DataMode.Rows },
            Training = { Epochs = 16 },
            Sampling = { Temperature = 0.5 },
        });
        using RnnLanguageModelTransformer model = pipeline.Fit(data);
        ml.Model.Save(model, data.Schema, "messages.zip");
    }

    public static PredictionEngine<Message, Reply> Load(MLContext ml)
    {
        ITransformer model = ml.Model.Load("messages.zip", out _);
        var engine = ml.Model.CreatePredictionEngine<Message, Reply>(model);
        return engine;
    }

    public static async Task Stream(RnnLanguageModelTransformer model, TextWriter response, CancellationToken stop)
    {
        await foreach (string piece in model.Model.GenerateAsync("Hello, I ordered ", cancellationToken: stop))
            await response.WriteAsync(piece);
    }

    public static IDataView MakeUp(MLContext ml, RnnLanguageModelTransformer model)
    {
        var order = new GenerateOptions { Rows = 1000, Unique = true, Seed = 1 };
        IDataView messages = ml.Data.GenerateRows(order, new GenerateColumn(model.Model, "Text"));
        return messages;
    }

    public static IEstimator<ITransformer> ClassifyText(MLContext ml)
    {
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", new RnnTextClassificationTrainer.Options
            {
                Model = { Cell = CellType.Gru, HiddenSize = 100, Layers = 2 },
                Training = { Epochs = 20 },
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel"));
        return pipeline;
    }

    public static MulticlassClassificationMetrics LearnALabel(
        MLContext ml, RnnTextClassificationTrainer trainer, RnnTextClassificationTransformer previous, IDataView later)
    {
        // The labels that the classifier knows, in its order, and then the new ones.
        IDataView labels = ml.Data.LoadFromEnumerable(previous.Model.Labels.Append("digits").Select(label => new { Label = label }));
        var toKey = ml.Transforms.Conversion.MapValueToKey("Label", keyData: labels).Fit(later);
        using RnnTextClassificationTransformer further = trainer.Fit(toKey.Transform(later), previous);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(further.Transform(toKey.Transform(later)));
        return metrics;
    }

    public static RnnTextBinaryClassificationTransformer TellMachineMadeDomains(MLContext ml, IDataView train, IDataView test)
    {
        var trainer = ml.BinaryClassification.Trainers.RnnTextClassification(new RnnTextBinaryClassificationTrainer.Options
        {
            TextColumnName = "Domain",
            LabelColumnName = "IsMachineMade",
            Model = { Cell = CellType.Gru, HiddenSize = 64 },
            Training = { Epochs = 4 },
        });
        RnnTextBinaryClassificationTransformer model = trainer.Fit(train);
        var metrics = ml.BinaryClassification.Evaluate(model.Transform(test), "IsMachineMade");
        Console.WriteLine($"area under the ROC curve {metrics.AreaUnderRocCurve:F4}, accuracy {metrics.Accuracy:F4}");
        return model;
    }

    public static RnnTextBinaryClassificationTransformer BeSure(RnnTextBinaryClassificationTransformer model,
        IEnumerable<LabelledText> heldOut)
    {
        // One in a hundred of the domains that people made may be called machine-made. The labels of the rows are True and False.
        RocPoint point = model.Model.Evaluate(heldOut).FindThreshold(falsePositiveRate: 0.01)!.Value;
        Console.WriteLine($"above {point.Threshold}, {point.TruePositiveRate:P1} of the machine-made domains are found");
        RnnTextBinaryClassificationTransformer sure = model.WithThreshold(point.Threshold);
        return sure;
    }
}
