using Microsoft.ML.OnnxRuntime;
using RnnLm.Features;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Onnx.Models;
using RnnLm.Tests;

namespace RnnLm.Onnx.Tests;

public sealed class FeatureGraphTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks.All), MemberType = typeof(Networks))]
    public void Features_are_those_of_the_managed_engine(string network)
    {
        foreach (Pooling pooling in Enum.GetValues<Pooling>())
        {
            Check(SmallModels.LanguageModel(Networks.Of(network)), OnnxGraph.Text, pooling, allLayers: false);
            Check(SmallModels.LanguageModel(Networks.Of(network)), OnnxGraph.Ids, pooling, allLayers: true);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("ab")]
    [InlineData("x")]
    public void A_text_without_characters_has_the_features_of_what_frames_it(string rowSeparator)
    {
        foreach (DataMode mode in Enum.GetValues<DataMode>())
        {
            foreach (UnknownCharacterPolicy policy in (UnknownCharacterPolicy[])[UnknownCharacterPolicy.Token, UnknownCharacterPolicy.Skip])
            {
                foreach (Pooling pooling in Enum.GetValues<Pooling>())
                    Check(SmallModels.LanguageModel(Networks.Small, mode, policy, rowSeparator: rowSeparator), OnnxGraph.Text, pooling,
                        false);
            }
        }
    }

    [Fact]
    public void Features_start_from_the_state_of_the_text_s_condition()
    {
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            ModelConfig config = Networks.Small with { Cell = cell, Layers = 2, InitialState = InitialState.Learned, Conditions = 3 };
            Check(SmallModels.LanguageModel(config), OnnxGraph.Text, Pooling.Mean, allLayers: true);
        }
    }

    [Fact]
    public void There_are_no_features_of_one_step()
    {
        SavedModel saved = SmallModels.LanguageModel(Networks.Small);

        Assert.Throws<NotSupportedException>(() => OnnxFile.SaveFeatures(_folder["x.onnx"], saved, OnnxGraph.Step, Pooling.Last, false));
    }

    private void Check(SavedModel saved, OnnxGraph graph, Pooling pooling, bool allLayers)
    {
        string path = _folder["features.onnx"];
        using RnnLanguageModel model = SmallModels.Open(saved);
        model.SaveOnnxFeatures(path, graph, pooling, allLayers);
        string[] texts = SmallModels.Texts(11);
        int[] conditions = [.. texts.Select((_, i) => saved.Config.Conditions == 0 ? -1 : (i % (saved.Config.Conditions + 1)) - 1)];
        var encoder = new TextEncoder(model.Loaded.LanguageModel, model.Loaded.Framing, texts.Length, pooling, allLayers);
        float[] expected = [.. encoder.Encode(texts.Select((text, i) => new EncodeRequest(text.AsMemory(), conditions[i])))
            .SelectMany(encoded => encoded.Features)];

        using var run = new OnnxRun(path);
        (string, OrtValue)[] inputs =
            graph == OnnxGraph.Text ? [("text", OnnxRun.Column(texts))] : [.. Networks.Ids(saved, texts)];
        if (saved.Config.Conditions > 0)
            inputs = [.. inputs, ("condition", OnnxRun.Column([.. conditions.Select(c => c < 0 ? "" : saved.Conditions[c])]))];
        var actual = (float[])run.Run(inputs)["features"];

        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5, $"{saved.DataMode}, {pooling}, {i}: {expected[i]}, {actual[i]}");
    }
}
