using System.Text.Json;
using RnnLm.ModelFiles;
using RnnLm.Onnx.Messages;
using RnnLm.Onnx.Models;
using RnnLm.Tests;

namespace RnnLm.Onnx.Tests;

public sealed class OnnxFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Metadata_say_how_text_becomes_ids()
    {
        SavedModel saved = SmallModels.LanguageModel(Networks.Small with { Conditions = 2 });
        using RnnLanguageModel model = SmallModels.Open(saved);
        model.SaveOnnx(_folder["step.onnx"], OnnxGraph.Step);
        model.SaveOnnx(_folder["text.onnx"]);
        using OnnxRun step = new(_folder["step.onnx"]), text = new(_folder["text.onnx"]);

        Assert.Equal("language_model", step.Metadata["rnnlm.kind"]);
        Assert.Equal("text_scorer", text.Metadata["rnnlm.kind"]);
        Assert.Equal("step", step.Metadata["rnnlm.graph"]);
        Assert.Equal("rows", step.Metadata["rnnlm.mode"]);
        Assert.Equal(string.Concat(model.Characters), step.Metadata["rnnlm.characters"]);
        Assert.Equal("3", step.Metadata["rnnlm.first_character_id"]);
        Assert.Equal(("token", "0"), (step.Metadata["rnnlm.unknown_characters"], step.Metadata["rnnlm.unknown_id"]));
        Assert.Equal(("1", "2", "[1]"),
            (step.Metadata["rnnlm.start_id"], step.Metadata["rnnlm.end_id"], step.Metadata["rnnlm.before_prompt"]));
        Assert.Equal(saved.Conditions, JsonSerializer.Deserialize<string[]>(step.Metadata["rnnlm.conditions"]));
        Assert.StartsWith("RnnLm ", step.Metadata["rnnlm.version"], StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_of_a_classifier_have_its_labels()
    {
        SavedModel saved = SmallModels.Classifier(Networks.Small, maxRowLength: 77);
        using RnnTextClassifier model = SmallModels.OpenClassifier(saved);
        model.SaveOnnx(_folder["classifier.onnx"]);
        using var run = new OnnxRun(_folder["classifier.onnx"]);

        Assert.Equal("text_classifier", run.Metadata["rnnlm.kind"]);
        Assert.Equal("77", run.Metadata["rnnlm.max_row_length"]);
        Assert.Equal(model.Labels, JsonSerializer.Deserialize<string[]>(run.Metadata["rnnlm.labels"]));
        Assert.Equal(["text"], run.Inputs);
        Assert.Equal(["label", "probabilities"], run.Outputs);
    }

    [Theory]
    [InlineData(OnnxGraph.Text, "", "ai.onnx.ml", "com.microsoft")]
    [InlineData(OnnxGraph.Ids, "")]
    [InlineData(OnnxGraph.Step, "")]
    public void Graphs_that_read_no_text_need_no_operators_but_ONNX_s_own(OnnxGraph graph, params string[] domains)
    {
        using RnnLanguageModel model = SmallModels.Open(SmallModels.LanguageModel(Networks.Small with { Conditions = 2 }));
        model.SaveOnnx(_folder["model.onnx"], graph);

        var file = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_folder["model.onnx"]));

        Assert.Equal(domains, file.OpsetImport.Select(set => set.Domain).Order(StringComparer.Ordinal));
        Assert.Equal((8, 17), (file.IrVersion, file.OpsetImport.Single(set => set.Domain.Length == 0).Version));
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole()
    {
        using RnnLanguageModel model = SmallModels.Open(SmallModels.LanguageModel(Networks.Small));
        File.WriteAllText(_folder["model.onnx"], "an older one");
        model.SaveOnnx(_folder["model.onnx"]);
        byte[] first = File.ReadAllBytes(_folder["model.onnx"]);

        model.SaveOnnx(_folder["model.onnx"]);

        Assert.Equal(first, File.ReadAllBytes(_folder["model.onnx"]));
        Assert.Equal(["model.onnx"], _folder.Names);
        var fault = Assert.Throws<IOException>(() => model.SaveOnnx(_folder["nowhere/model.onnx"]));
        Assert.Contains("does not exist", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_too_large_for_a_file_is_refused()
    {
        var fault = Assert.Throws<NotSupportedException>(
            () => OnnxFile.CheckSize(Networks.Small with { VocabularySize = 100, HiddenSize = 10_000, Layers = 2 }));

        Assert.Contains("2 GB", fault.Message, StringComparison.Ordinal);
        OnnxFile.CheckSize(Networks.Small with { VocabularySize = 100, HiddenSize = 4096, Layers = 2 });
    }

    [Fact]
    public void A_graph_or_a_pooling_that_does_not_exist_is_refused()
    {
        using RnnLanguageModel model = SmallModels.Open(SmallModels.LanguageModel(Networks.Small));

        Assert.Throws<ArgumentOutOfRangeException>(() => model.SaveOnnx(_folder["model.onnx"], (OnnxGraph)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.SaveOnnxFeatures(_folder["model.onnx"], pooling: (Pooling)7));
        Assert.Empty(_folder.Names);
    }
}
