using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using OnnxMLNet;
using RnnLm.Tests;

namespace RnnLm.Onnx.MLNet.Tests;

/// <summary>Graphs in ML.NET's own transformer of ONNX files.</summary>
public sealed class ApplyOnnxModelTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "Thank you for your help.", "", "🙂", "Hello, I ordered a lamp\r\nand got two.", "Thnak yuo fro yuor hlep.", "日本",
    ];

    private readonly TempFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ScoresAreThoseOfTheModelInTransformInAPredictionEngineAndInAnotherProcess()
    {
        using RnnLanguageModel model = LanguageModel(condition: null);
        float[] expected = [.. model.ScoreAll(Texts).Select(score => (float)score.LogProbability)];
        IDataView rows = _ml.Data.LoadFromEnumerable(Texts.Select(text => new Row { Text = text }));
        ITransformer transformer = Fit(model, rows);

        Score[] transformed = [.. _ml.Data.CreateEnumerable<Score>(transformer.Transform(rows), reuseRowObject: false)];
        AssertClose(expected, transformed.Select(score => Assert.Single(score.LogProbability)));
        Assert.Equal(model.ScoreAll(Texts).Select(score => (long)score.Count), transformed.Select(score => Assert.Single(score.Count)));

        using PredictionEngine<Row, Score> engine = _ml.Model.CreatePredictionEngine<Row, Score>(transformer);
        AssertClose(expected, Texts.Select(text => engine.Predict(new Row { Text = text }).LogProbability[0]));

        _ml.Model.Save(transformer, rows.Schema, _folder["chain.zip"]);
        AssertClose(expected, InAnotherProcess(_folder["chain.zip"]));
    }

    [Fact]
    public void TheLabelAndTheProbabilitiesOfAClassifierAreColumns()
    {
        LabelledText[] rows =
            [.. Enumerable.Range(0, 200).Select(i => new LabelledText(i % 2 == 0 ? $"A-{i}" : $"{i}/b", i % 2 == 0 ? "left" : "right"))];
        using RnnTextClassifier model = RnnTextClassifier.Train(rows, new TextClassifierOptions
        {
            Model = { HiddenSize = 12, EmbeddingSize = 4 }, Training = { MaxSteps = 20, Seed = 1 }, Device =
            {
                Device = "cpu",
                Threads = 1
            },
        });
        model.SaveOnnx(_folder["classifier.onnx"]);
        IDataView view = _ml.Data.LoadFromEnumerable(Texts.Select(text => new Row { Text = text }));

        IDataView classified = Apply(["label", "probabilities"], ["text"], "classifier.onnx").Fit(view).Transform(view);

        string[] labels = [.. classified.GetColumn<VBuffer<ReadOnlyMemory<char>>>("label")
            .Select(label => label.GetItemOrDefault(0).ToString())];
        Assert.Equal(model.ClassifyAll(Texts).Select(answer => answer.Label), labels);
        AssertClose(model.ClassifyAll(Texts).SelectMany(answer => answer.Probabilities),
            classified.GetColumn<float[]>("probabilities").SelectMany(p => p));
    }

    [Fact]
    public void FeaturesAreAVectorAndConditionsAColumn()
    {
        using RnnLanguageModel model = LanguageModel(condition: "letter");
        model.SaveOnnxFeatures(_folder["features.onnx"], pooling: Pooling.Mean);
        IDataView view = _ml.Data.LoadFromEnumerable(Texts.Select((text, i) => new ConditionedRow
        {
            Text = text,
            Condition = i % 2 == 0 ? "letter" : ""
        }));

        IDataView encoded = _ml.Transforms.CopyColumns("condition", "Condition")
            .Append(Apply(["features"], ["text", "condition"], "features.onnx")).Fit(view).Transform(view);

        Assert.Equal(12, ((VectorDataViewType)encoded.Schema["features"].Type).Size);
        AssertClose(Texts.SelectMany((text, i) => model.Encode(text, Pooling.Mean, i % 2 == 0 ? "letter" : null)),
            encoded.GetColumn<float[]>("features").SelectMany(features => features));
    }

    private IEstimator<ITransformer> Apply(string[] outputs, string[] inputs, string file) =>
        _ml.Transforms.CopyColumns("text", "Text").Append(_ml.Transforms.ApplyOnnxModel(outputs, inputs, _folder[file]));

    /// <summary>Saves the scores where the sample finds them.</summary>
    private ITransformer Fit(RnnLanguageModel model, IDataView rows)
    {
        string folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder.Path;
        try
        {
            model.SaveOnnx("scores.onnx");
            return OnnxSamples.Score(_ml, rows);
        }
        finally
        {
            Environment.CurrentDirectory = folder;
        }
    }

    private static RnnLanguageModel LanguageModel(string? condition)
    {
        IEnumerable<string> messages = File.ReadLines(TestData.InRepository("examples", "Quickstart", "Data", "messages.txt")).Take(100);
        return RnnLanguageModel.Train(messages.Select(message => TextRow.Row(message, condition)), new LanguageModelOptions
        {
            Model = { HiddenSize = 12, EmbeddingSize = 4 },
            Data = { Mode = DataMode.Rows },
            Training = { MaxSteps = 20, Seed = 1 },
            Device = { Device = "cpu", Threads = 1 },
        });
    }

    private static float[] InAnotherProcess(string model)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ApplyOnnxModelTests).Assembly.Location, model, .. Texts])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => float.Parse(line, CultureInfo.InvariantCulture))];
    }

    /// <summary>Holds each figure to 1e-5, and one above 1 to as many digits.</summary>
    private static void AssertClose(IEnumerable<float> expected, IEnumerable<float> actual)
    {
        float[] left = [.. expected], right = [.. actual];
        Assert.Equal(left.Length, right.Length);
        for (int i = 0; i < left.Length; i++)
            Assert.True(Math.Abs(left[i] - right[i]) <= 1e-5 * Math.Max(1, Math.Abs(left[i])), $"{i}: {left[i]}, {right[i]}");
    }

    private sealed class ConditionedRow
    {
        public string Text { get; set; } = "";

        public string Condition { get; set; } = "";
    }
}
