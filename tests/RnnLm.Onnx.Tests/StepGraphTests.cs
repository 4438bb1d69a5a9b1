using Microsoft.ML.OnnxRuntime;
using OnnxRuntime;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Tests;

namespace RnnLm.Onnx.Tests;

public sealed class StepGraphTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks.All), MemberType = typeof(Networks))]
    public void The_likeliest_text_is_that_of_the_managed_engine(string network)
    {
        foreach (DataMode mode in Enum.GetValues<DataMode>())
            CheckText(SmallModels.LanguageModel(Networks.Of(network), mode), "ab🙂");
    }

    [Theory]
    [InlineData(InitialState.Zeros, 3)]
    [InlineData(InitialState.Ones, 0)]
    [InlineData(InitialState.Normal, 0)]
    [InlineData(InitialState.Learned, 0)]
    [InlineData(InitialState.Learned, 3)]
    public void Texts_begin_in_the_model_s_state_and_in_that_of_their_condition(InitialState initial, int conditions)
    {
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            ModelConfig config = Networks.Small with { Cell = cell, Layers = 2, InitialState = initial, Conditions = conditions };
            for (int condition = -1; condition < conditions; condition++)
                CheckText(SmallModels.LanguageModel(config), "", condition);
        }
    }

    [Theory]
    [InlineData(UnknownCharacterPolicy.Token)]
    [InlineData(UnknownCharacterPolicy.Skip)]
    public void Unknown_characters_of_a_prompt_are_read_as_the_model_reads_them(UnknownCharacterPolicy policy)
    {
        string[] prompts = ["axxb", "x", "x👩", "a\r\nb\r", "\r\n", "a\ud83dx", "ax"];
        foreach (DataMode mode in Enum.GetValues<DataMode>())
        {
            var texts = new HashSet<string>(StringComparer.Ordinal);
            foreach (string characters in new[] { SmallModels.Characters, SmallModels.Characters + "\r" })
            {
                SavedModel saved = SmallModels.LanguageModel(Networks.Small, mode, policy, characters);
                texts.UnionWith(prompts.Select(prompt => CheckText(saved, prompt)));
            }

            // Rows of such a model end soon; a running text does not.
            Assert.True(texts.Count > (mode == DataMode.Stream ? 3 : 1), $"{mode}: {texts.Count}");
        }
    }

    [Fact]
    public void An_unknown_character_of_a_prompt_is_an_error_where_the_model_says_so()
    {
        SavedModel saved = SmallModels.LanguageModel(Networks.Small, DataMode.Stream, UnknownCharacterPolicy.Throw);
        Assert.NotEmpty(CheckText(saved, "a\r\nb"));

        using var step = new InferenceSession(_folder["step.onnx"]);
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => StepWriter.Write(step, "ax", 200, 0, new Random(1))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_trained_model_writes_the_same_text()
    {
        var options = new LanguageModelOptions
        {
            Model = { Cell = CellType.Lstm, HiddenSize = 64, EmbeddingSize = 16 },
            Training = { MaxSteps = 150, Seed = 1 },
            Optimizer = { LearningRate = 0.02 },
            Device = { Device = "cpu", Threads = 1 },
        };
        IEnumerable<string> messages = File.ReadLines(TestData.InRepository("examples", "Quickstart", "Data", "messages.txt"));
        using RnnLanguageModel model = RnnLanguageModel.Train(messages.Select(TextRow.Row), options);

        string text = CheckText(model.Saved, "Hello, I ordered ");

        Assert.Equal(200, text.Length);
        Assert.True(text.Distinct().Count() > 5, text);
    }

    [Fact]
    public void Texts_side_by_side_have_the_logits_that_each_has_alone()
    {
        SavedModel saved = SmallModels.LanguageModel(
            Networks.Small with { Cell = CellType.Lstm, Layers = 3, InitialState = InitialState.Learned, Conditions = 2 }, DataMode.Stream);
        using RnnLanguageModel model = SmallModels.Open(saved);
        model.SaveOnnx(_folder["step.onnx"], OnnxGraph.Step);
        using var run = new OnnxRun(_folder["step.onnx"]);
        const int Texts = 5, Steps = 6;
        var random = new Random(1);
        using Engines.IInferenceSession session = model.Loaded.LanguageModel.CreateSession(Texts);
        int size = saved.Config.Layers * Texts * saved.Config.HiddenSize;
        float[] hidden = new float[size], cell = new float[size], expected = new float[Texts * saved.Config.VocabularySize];
        long[] conditions = [-1, 0, 1, -1, 1];
        // A text begins anew while others go on.
        bool[][] begins = [[true, true, true, true, true],
            .. Enumerable.Range(1, Steps - 1).Select(step => new[] { step == 3, false, step == 4, false, false })];
        foreach (bool[] beginning in begins)
        {
            int[] ids = [.. Enumerable.Range(0, Texts).Select(_ => random.Next(saved.Config.VocabularySize))];
            for (int lane = 0; lane < Texts; lane++)
            {
                if (beginning[lane])
                    session.Reset(lane, (int)conditions[lane]);
            }

            session.Step(ids, expected);
            long layers = saved.Config.Layers, width = saved.Config.HiddenSize;
            Dictionary<string, Array> actual = run.Run(
                ("ids", OnnxRun.Tensor<long>([.. ids.Select(id => (long)id)], Texts, 1)),
                ("hidden", OnnxRun.Tensor(hidden, layers, Texts, width)),
                ("cell", OnnxRun.Tensor(cell, layers, Texts, width)),
                ("begins", OnnxRun.Tensor(beginning, Texts, 1)),
                ("condition", OnnxRun.Tensor<long>([.. conditions], Texts, 1)));
            (hidden, cell) = ((float[])actual["next_hidden"], (float[])actual["next_cell"]);
            Assert.All(expected.Zip((float[])actual["logits"]), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-5, $"{pair}"));
        }
    }

    /// <summary>Writes 200 characters by the graph as the example of the documentation does, each the likeliest.</summary>
    private string CheckText(SavedModel saved, string prompt, int condition = -1)
    {
        using RnnLanguageModel model = SmallModels.Open(saved);
        model.SaveOnnx(_folder["step.onnx"], OnnxGraph.Step);
        // A model trained from normal states is run from their mean.
        InitialState? initial = saved.Config.InitialState == InitialState.Normal ? InitialState.Zeros : null;
        var likeliest = new SamplingOptions { Temperature = 0, MaxLength = 200, InitialState = initial };
        string expected = model.Generate(prompt, likeliest, condition < 0 ? null : saved.Conditions[condition]);

        using var step = new InferenceSession(_folder["step.onnx"]);
        Assert.Equal(expected, StepWriter.Write(step, prompt, maxLength: 200, temperature: 0, new Random(1), condition));
        return expected;
    }
}
