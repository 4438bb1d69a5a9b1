using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Onnx.Models;
using RnnLm.Tests;

namespace RnnLm.Onnx.Tests;

public sealed class ClassifierGraphTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks.OfClassifiers), MemberType = typeof(Networks))]
    public void Labels_and_probabilities_are_those_of_the_managed_engine(string network)
    {
        foreach (bool bidirectional in (bool[])[false, true])
        {
            foreach (Pooling pooling in Enum.GetValues<Pooling>())
            {
                ModelConfig config = Networks.Of(network) with { Bidirectional = bidirectional, Pooling = pooling };
                Check(SmallModels.Classifier(config), OnnxGraph.Text);
                Check(SmallModels.Classifier(config), OnnxGraph.Ids);
            }
        }
    }

    [Theory]
    [InlineData(InitialState.Ones)]
    [InlineData(InitialState.Normal)]
    [InlineData(InitialState.Learned)]
    public void Texts_start_from_the_model_s_state_in_both_directions(InitialState initial)
    {
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            ModelConfig config = Networks.Small with { Cell = cell, Layers = 2, InitialState = initial, Bidirectional = true };
            Check(SmallModels.Classifier(config), OnnxGraph.Text);
        }
    }

    [Theory]
    [InlineData(UnknownCharacterPolicy.Token, 1)]
    [InlineData(UnknownCharacterPolicy.Skip, 1)]
    [InlineData(UnknownCharacterPolicy.Token, 9)]
    [InlineData(UnknownCharacterPolicy.Skip, 9)]
    public void A_text_is_read_as_far_as_in_training(UnknownCharacterPolicy policy, int maxRowLength)
    {
        foreach (string characters in (string[])[SmallModels.Characters, "abc", "\r\nabc"])
        {
            Check(SmallModels.Classifier(Networks.Small with { Pooling = Pooling.Mean }, policy, maxRowLength, characters), OnnxGraph.Text);
            Check(SmallModels.Classifier(Networks.Small with { Bidirectional = true }, policy, maxRowLength, characters), OnnxGraph.Text);
        }
    }

    [Fact]
    public void What_a_graph_of_a_classifier_can_t_do_is_refused()
    {
        SavedModel saved = SmallModels.Classifier(Networks.Small),
            throws = SmallModels.Classifier(Networks.Small, UnknownCharacterPolicy.Throw);

        var fault = Assert.Throws<NotSupportedException>(() => OnnxFile.Save(_folder["x.onnx"], saved, OnnxGraph.Step));
        Assert.Contains("one step", fault.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => OnnxFile.Save(_folder["x.onnx"], throws, OnnxGraph.Text));
        Assert.Empty(_folder.Names);
        Check(throws, OnnxGraph.Ids);
    }

    private void Check(SavedModel saved, OnnxGraph graph)
    {
        string path = _folder["classifier.onnx"];
        using RnnTextClassifier model = SmallModels.OpenClassifier(saved);
        model.SaveOnnx(path, graph);
        string[] texts = SmallModels.Texts(3, unknown: saved.Vocabulary.UnknownCharacters != UnknownCharacterPolicy.Throw);
        TextClassification[] expected = [.. model.ClassifyAll(texts)];

        using var run = new OnnxRun(path);
        Dictionary<string, Array> actual =
            run.Run(graph == OnnxGraph.Text ? [("text", OnnxRun.Column(texts))] : [.. Networks.Ids(saved, texts)]);

        Assert.Equal(expected.Select(answer => answer.Label), (string[])actual["label"]);
        var probabilities = (float[])actual["probabilities"];
        for (int i = 0; i < probabilities.Length; i++)
        {
            double difference = probabilities[i] - expected[i / saved.Classes.Count].Probabilities[i % saved.Classes.Count];
            Assert.True(Math.Abs(difference) <= 1e-5, $"text {i / saved.Classes.Count}: {difference}");
        }
    }
}
