using System.IO.Compression;
using System.Text.Json;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.PyTorch;
using RnnLm.Runtime;

namespace RnnLm.Tests.PyTorch;

/// <summary>Classifiers as files of PyTorch: they come back whole, and PyTorch computes what they compute.</summary>
public sealed class TorchClassifierTests : IDisposable
{
    private static readonly string[] Texts = ["abba", "77-12", "z", "a text of several words, and §", "0"];

    private readonly TempFolder _folder = new();

    public static TheoryData<CellType, int, int, bool, Pooling, InitialState> Kinds => new()
    {
        { CellType.Gru, 6, 1, true, Pooling.Last, InitialState.Zeros },
        { CellType.Lstm, 6, 2, true, Pooling.Mean, InitialState.Learned },
        { CellType.Lstm, 0, 1, false, Pooling.Last, InitialState.Zeros },
        { CellType.Rnn, 0, 2, true, Pooling.Max, InitialState.Learned },
        { CellType.Gru, 6, 3, false, Pooling.Mean, InitialState.Zeros },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AClassifierComesBackWhole(
        CellType cell, int embedding, int layers, bool bidirectional, Pooling pooling, InitialState initial)
    {
        using RnnTextClassifier model = Train(cell, embedding, layers, bidirectional, pooling, initial);

        using RnnTextClassifier again = Load(Write(model));

        TestModels.AssertEqual(model.Saved, again.Saved);
        Assert.Equal(["number", "word", "text"], again.Labels);
        Assert.All(Texts, text => Assert.Equal(model.Classify(text).Probabilities, again.Classify(text).Probabilities));
    }

    [Fact]
    public void TheStateDictHasTheNamesAndShapesOfPyTorchsModules()
    {
        using RnnTextClassifier model = Train(CellType.Lstm, 6, 2, bidirectional: true, Pooling.Last, InitialState.Zeros);
        using FileStream stream = File.OpenRead(Write(model));
        using var file = TorchFile.Open(stream);

        int tokens = model.Characters.Count + 1;
        Assert.Equal(
        [
            $"embedding.weight [{tokens}, 6]",
            "rnn.weight_ih_l0 [20, 6]", "rnn.weight_hh_l0 [20, 5]", "rnn.bias_ih_l0 [20]", "rnn.bias_hh_l0 [20]",
            "rnn.weight_ih_l0_reverse [20, 6]", "rnn.weight_hh_l0_reverse [20, 5]", "rnn.bias_ih_l0_reverse [20]",
            "rnn.bias_hh_l0_reverse [20]",
            "rnn.weight_ih_l1 [20, 10]", "rnn.weight_hh_l1 [20, 5]", "rnn.bias_ih_l1 [20]", "rnn.bias_hh_l1 [20]",
            "rnn.weight_ih_l1_reverse [20, 10]", "rnn.weight_hh_l1_reverse [20, 5]", "rnn.bias_ih_l1_reverse [20]",
            "rnn.bias_hh_l1_reverse [20]",
            "output.weight [3, 10]", "output.bias [3]",
        ], file.Tensors.Tensors.Select(tensor => $"{tensor.Key} {tensor.Value.Size}"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void PyTorchComputesWhatItComputes(
        CellType cell, int embedding, int layers, bool bidirectional, Pooling pooling, InitialState initial)
    {
        using RnnTextClassifier model = Train(cell, embedding, layers, bidirectional, pooling, initial);
        string path = Write(model), script = TestData.InRepository("tests", "RnnLm.Tests", "Fixtures", "pytorch", "classifier.py");

        double[][] theirs = JsonSerializer.Deserialize<double[][]>(Python.Run([script, path, _folder["own.pth"], .. Texts]))!;   // [B, C]

        // Logits are known up to a number that a text's classes have in common, which log softmax takes away.
        foreach ((string text, double[] logits) in Texts.Zip(theirs))
        {
            double all = Math.Log(logits.Sum(Math.Exp));
            Assert.All(logits.Zip(model.Classify(text).Probabilities), pair => Assert.Equal(pair.First - all, Math.Log(pair.Second), 1e-5));
        }

        var modules = new Dictionary<string, string> { ["encoder.layers"] = "rnn", ["head"] = "output" };
        if (embedding > 0)
            modules.Add("encoder.characters", "embedding");
        SavedModel own = TorchModel.Read(_folder["own.pth"], config: Config(path), modules: new ModuleNames(modules));
        TestModels.AssertEqual(model.Saved, own);
        // Without a word of the modules, too: their shapes tell.
        TestModels.AssertEqual(model.Saved, TorchModel.Read(_folder["own.pth"], config: Config(path)));
    }

    [Fact]
    public void AClassifierIsNoLanguageModel()
    {
        using RnnTextClassifier model = Train(CellType.Gru, 6, 1, bidirectional: true, Pooling.Last, InitialState.Zeros);
        string path = Write(model);

        Assert.Equal($"'{path}' holds a text classifier, not a language model.",
            Assert.Throws<FormatException>(() => PyTorchFile.Load(path)).Message);
    }

    private static RnnTextClassifier Train(
        CellType cell, int embedding, int layers, bool bidirectional, Pooling pooling, InitialState initial) => RnnTextClassifier.Train(
        Enumerable.Range(0, 90).Select(i => (i % 3) switch
        {
            0 => new LabelledText($"{i * 37 % 100}-{i}", "number"),
            1 => new LabelledText(string.Concat(Enumerable.Range(0, 3 + (i % 5)).Select(j => (char)('a' + (((i * 7) + (j * 11)) % 26)))),
                "word"),
            _ => new LabelledText($"a text of {i} words, and more", "text"),
        }),
        new TextClassifierOptions
        {
            Model =
            {
                Cell = cell,
                HiddenSize = 5,
                EmbeddingSize = embedding,
                Layers = layers,
                InitialState = initial,
                Nonlinearity = Nonlinearity.Relu
            },
            Classifier = { Bidirectional = bidirectional, Pooling = pooling },
            Data = { BatchSize = 16 },
            Optimizer = { LearningRate = 0.02 },
            Training = { Epochs = 0, MaxSteps = 40, Seed = 5, ValidationFraction = 0 },
            Device = { Engine = EngineKind.Managed, Threads = 1 },
        });

    private string Write(RnnTextClassifier model)
    {
        using (FileStream stream = File.Create(_folder["classifier.pth"]))
            TorchModel.Write(stream, model.Saved);
        return _folder["classifier.pth"];
    }

    private static RnnTextClassifier Load(string path) => new(new LoadedModel(TorchModel.Read(path), new DeviceOptions()));

    private static byte[] Config(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        using Stream entry = zip.GetEntry("archive/extra/config.json")!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }
}
