using Microsoft.ML;
using RnnLm;
using RnnLm.MLNet;

namespace Quickstart;

/// <summary>The code that the README shows.</summary>
internal static class ReadmeSample
{
    public static void Run()
    {
        var ml = new MLContext(seed: 1);
        IDataView messages = ml.Data.LoadFromTextFile<Message>("messages.txt");
        var pipeline = ml.Transforms.Text.RnnLanguageModel("Continuation", "Text", new RnnLanguageModelTrainer.Options
        {
            Model = { Cell = CellType.Gru, HiddenSize = 256 },
            Data = { Mode = DataMode.Rows, BatchSize = 16 },
            Training = { Epochs = 16 },
            Sampling = { Temperature = 0.5, Seed = 1 },
            Device = { Device = "auto", FallbackToCpu = true },
        });
        ITransformer model = pipeline.Fit(messages);
        ml.Model.Save(model, messages.Schema, "messages.zip");

        ITransformer loaded = ml.Model.Load("messages.zip", out _);   // in any process, with nothing to register
        var engine = ml.Model.CreatePredictionEngine<Message, Reply>(loaded);
        Console.WriteLine(engine.Predict(new Message { Text = "Hello, I ordered " }).Continuation);
    }
}
