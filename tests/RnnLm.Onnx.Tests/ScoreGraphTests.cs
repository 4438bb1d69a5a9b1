using Microsoft.ML.OnnxRuntime;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Onnx.Models;
using RnnLm.Scoring;
using RnnLm.Tests;
using RnnLm.Text;

namespace RnnLm.Onnx.Tests;

public sealed class ScoreGraphTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks.All), MemberType = typeof(Networks))]
    public void Scores_are_those_of_the_managed_engine(string network)
    {
        ModelConfig config = Networks.Of(network);
        foreach (DataMode mode in Enum.GetValues<DataMode>())
            Check(SmallModels.LanguageModel(config, mode), OnnxGraph.Text);
        Check(SmallModels.LanguageModel(config), OnnxGraph.Ids);
    }

    [Theory]
    [InlineData(InitialState.Ones)]
    [InlineData(InitialState.Normal)]
    [InlineData(InitialState.Learned)]
    public void Texts_start_from_the_model_s_state_and_from_that_of_their_condition(InitialState initial)
    {
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            ModelConfig config = Networks.Small with { Cell = cell, Layers = 2, InitialState = initial };
            Check(SmallModels.LanguageModel(config), OnnxGraph.Text);
            foreach (OnnxGraph graph in (OnnxGraph[])[OnnxGraph.Text, OnnxGraph.Ids])
                Check(SmallModels.LanguageModel(config with { Conditions = 3 }), graph);
        }
    }

    [Theory]
    [InlineData(UnknownCharacterPolicy.Token, SmallModels.Characters)]
    [InlineData(UnknownCharacterPolicy.Skip, SmallModels.Characters)]
    [InlineData(UnknownCharacterPolicy.Token, "abc")]
    [InlineData(UnknownCharacterPolicy.Skip, "abc")]
    [InlineData(UnknownCharacterPolicy.Token, "\r\nabc")]
    [InlineData(UnknownCharacterPolicy.Skip, "\r\nabc")]
    [InlineData(UnknownCharacterPolicy.Skip, "\rabc")]
    public void Unknown_characters_and_line_ends_are_read_as_the_vocabulary_reads_them(UnknownCharacterPolicy policy, string characters)
    {
        foreach (DataMode mode in Enum.GetValues<DataMode>())
            Check(SmallModels.LanguageModel(Networks.Small, mode, policy, characters), OnnxGraph.Text);
    }

    [Fact]
    public void A_model_that_refuses_unknown_characters_has_no_graph_of_texts_and_its_graph_of_ids_is_right()
    {
        SavedModel saved = SmallModels.LanguageModel(Networks.Small, unknown: UnknownCharacterPolicy.Throw);

        var fault = Assert.Throws<NotSupportedException>(() => OnnxFile.Save(_folder["x.onnx"], saved, OnnxGraph.Text));
        Assert.Contains("which character", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
        Check(saved, OnnxGraph.Ids);
    }

    [Fact]
    public void A_line_end_does_not_reach_from_the_input_of_a_pair_into_its_target() =>
        Check(SmallModels.LanguageModel(Networks.Small, DataMode.Pairs), OnnxGraph.Text, ["\nab\r", "", "b", "a\r"]);

    [Fact]
    public void Pairs_come_as_ids_too()
    {
        SavedModel saved = SmallModels.LanguageModel(Networks.Small, DataMode.Pairs);
        using RnnLanguageModel model = SmallModels.Open(saved);
        model.SaveOnnx(_folder["text.onnx"]);
        model.SaveOnnx(_folder["ids.onnx"], OnnxGraph.Ids);
        string[] targets = SmallModels.Texts(2), inputs = [.. targets.Reverse()];
        using OnnxRun text = new(_folder["text.onnx"]), ids = new(_folder["ids.onnx"]);

        Dictionary<string, Array> expected = text.Run(("input", OnnxRun.Column(inputs)), ("target", OnnxRun.Column(targets)));
        Dictionary<string, Array> actual = ids.Run(
            [.. Networks.Ids(saved, inputs).Select(Named("input")), .. Networks.Ids(saved, targets).Select(Named("target"))]);

        Assert.Equal((float[])expected["log_probability"], (float[])actual["log_probability"]);
        Assert.Equal((float[])expected["character_log_probabilities"], (float[])actual["character_log_probabilities"]);

        static Func<(string Name, OrtValue Value), (string, OrtValue)> Named(string prefix) =>
            input => ($"{prefix}_{input.Name}", input.Value);
    }

    [Fact]
    public void A_condition_that_the_model_does_not_know_is_an_error()
    {
        using RnnLanguageModel model = SmallModels.Open(SmallModels.LanguageModel(Networks.Small with { Conditions = 2 }));
        model.SaveOnnx(_folder["text.onnx"]);
        using var run = new OnnxRun(_folder["text.onnx"]);

        Assert.Throws<OnnxRuntimeException>(
            () => run.Run(("text", OnnxRun.Column(["ab"])), ("condition", OnnxRun.Column(["condition 7"]))));
    }

    [Theory]
    [InlineData(CellType.Lstm)]
    [InlineData(CellType.Gru)]
    public void Differences_do_not_grow_along_a_long_text(CellType cell)
    {
        string text = string.Concat(SmallModels.Texts(4, count: 200));
        Assert.InRange(text.Length, 3000, 10_000);

        Check(SmallModels.LanguageModel(Networks.Small with { Cell = cell, Layers = 2 }, DataMode.Stream), OnnxGraph.Text, [text, "ab"]);
    }

    [Fact]
    public void Characters_may_be_numbered_in_any_order()
    {
        SavedModel saved = SmallModels.LanguageModel(Networks.Small);
        var vocabulary = CharVocabulary.InOrder(saved.Vocabulary.Characters.Reverse(), UnknownCharacterPolicy.Token, startAndEnd: true);

        Check(saved with { Vocabulary = vocabulary }, OnnxGraph.Text);
    }

    [Fact]
    public void Texts_that_are_all_empty_have_scores_too()
    {
        foreach (DataMode mode in Enum.GetValues<DataMode>())
            Check(SmallModels.LanguageModel(Networks.Small, mode), OnnxGraph.Text, ["", ""]);
    }

    /// <summary>Holds each character's log-probability to 1e-5, and so the mean of a text.</summary>
    private void Check(SavedModel saved, OnnxGraph graph, string[]? texts = null)
    {
        string path = _folder["scores.onnx"];
        using RnnLanguageModel model = SmallModels.Open(saved);
        model.SaveOnnx(path, graph);
        texts ??= SmallModels.Texts(saved.Config.Layers, unknown: saved.Vocabulary.UnknownCharacters != UnknownCharacterPolicy.Throw);
        bool isPair = saved.DataMode == DataMode.Pairs;
        string[] inputs = isPair ? [.. texts.Reverse()] : [.. texts.Select(_ => "")];
        int[] conditions = [.. texts.Select((_, i) => saved.Config.Conditions == 0 ? -1 : (i % (saved.Config.Conditions + 1)) - 1)];
        var scorer = new TextScorer(model.Loaded.LanguageModel, model.Loaded.Framing, texts.Length, keepEach: true);
        TextScore[] expected = [.. scorer.Score(texts.Select((text, i) =>
            new ScoreRequest(text.AsMemory(), inputs[i].AsMemory(), conditions[i])))];

        using var run = new OnnxRun(path);
        Dictionary<string, Array> actual = run.Run([.. Inputs(saved, graph, inputs, texts, conditions)]);

        var sums = (float[])actual["log_probability"];
        var counts = (long[])actual["count"];
        var each = (float[])actual["character_log_probabilities"];
        int width = each.Length / texts.Length;
        for (int i = 0; i < texts.Length; i++)
        {
            string where = $"{saved.DataMode}, text {i}: {texts[i]}";
            Assert.True(expected[i].Count == counts[i], where);
            Assert.True(Math.Abs(expected[i].LogProbability - sums[i]) <= 1e-5 * Math.Max(1, counts[i]), where);
            for (int c = 0; c < width; c++)
            {
                double difference = each[(i * width) + c] - (c < counts[i] ? expected[i].CharacterLogProbabilities[c] : 0);
                Assert.True(Math.Abs(difference) <= 1e-5, $"{where}, character {c}: {difference}");
            }
        }
    }

    private static IEnumerable<(string, OrtValue)> Inputs(
        SavedModel saved, OnnxGraph graph, string[] inputs, string[] texts, int[] conditions)
    {
        bool isPair = saved.DataMode == DataMode.Pairs;
        IEnumerable<(string, OrtValue)> read = graph == OnnxGraph.Text
            ? isPair
                ? [("input", OnnxRun.Column(inputs)), ("target", OnnxRun.Column(texts))]
                : [("text", OnnxRun.Column(texts))]
            : Networks.Ids(saved, texts);
        if (saved.Config.Conditions == 0)
            return read;
        return graph == OnnxGraph.Text
            ? read.Append(("condition", OnnxRun.Column([.. conditions.Select(c => c < 0 ? "" : saved.Conditions[c])])))
            : read.Append(("condition", OnnxRun.Tensor<long>([.. conditions.Select(c => (long)c)], conditions.Length, 1)));
    }
}
