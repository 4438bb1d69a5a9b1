using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
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

    /// <summary>Writes 200 characters by the graph and what its metadata say, each the likeliest.</summary>
    private string CheckText(SavedModel saved, string prompt, int condition = -1)
    {
        using RnnLanguageModel model = SmallModels.Open(saved);
        model.SaveOnnx(_folder["step.onnx"], OnnxGraph.Step);
        // A model trained from normal states is run from their mean.
        InitialState? initial = saved.Config.InitialState == InitialState.Normal ? InitialState.Zeros : null;
        var likeliest = new SamplingOptions { Temperature = 0, MaxLength = 200, InitialState = initial };
        string expected = model.Generate(prompt, likeliest, condition < 0 ? null : saved.Conditions[condition]);

        using var run = new OnnxRun(_folder["step.onnx"]);
        string[] characters = [.. run.Metadata["rnnlm.characters"].EnumerateRunes().Select(character => character.ToString())];
        int first = int.Parse(run.Metadata["rnnlm.first_character_id"], CultureInfo.InvariantCulture);
        int end = run.Metadata.TryGetValue("rnnlm.end_id", out string? id) ? int.Parse(id, CultureInfo.InvariantCulture) : -1;
        List<int> tokens = [.. List("rnnlm.before_prompt"),
            .. prompt.EnumerateRunes().Select(c => first + Array.IndexOf(characters, c.ToString()))];
        if (prompt.Length == 0)
            tokens.AddRange(List("rnnlm.in_place_of_prompt"));
        tokens.AddRange(List("rnnlm.after_prompt"));

        bool begins = true;
        var states = run.Inputs.Where(name => name is "hidden" or "cell").ToDictionary(name => name,
            _ => new float[saved.Config.Layers * saved.Config.HiddenSize], StringComparer.Ordinal);
        float[] logits = [];
        foreach (int token in tokens)
            Step(token);
        var text = new StringBuilder();
        for (int written = 0; written < 200; written++)
        {
            int best = Enumerable.Range(0, logits.Length).Where(i => i >= first || i == end).MaxBy(i => logits[i]);
            if (best == end)
                break;
            text.Append(characters[best - first]);
            Step(best);
        }

        Assert.Equal(expected, text.ToString());
        return expected;

        int[] List(string key) => JsonSerializer.Deserialize<int[]>(run.Metadata[key])!;

        void Step(int token)
        {
            List<(string, OrtValue)> inputs = [("ids", OnnxRun.Tensor<long>([token], 1, 1))];
            inputs.AddRange(states.Select(state =>
                (state.Key, OnnxRun.Tensor(state.Value, saved.Config.Layers, 1, saved.Config.HiddenSize))));
            if (run.Inputs.Contains("begins"))
                inputs.Add(("begins", OnnxRun.Tensor<bool>([begins], 1, 1)));
            if (run.Inputs.Contains("condition"))
                inputs.Add(("condition", OnnxRun.Tensor<long>([condition], 1, 1)));
            Dictionary<string, Array> made = run.Run([.. inputs]);
            logits = (float[])made["logits"];
            foreach (string name in states.Keys)
                states[name] = (float[])made[$"next_{name}"];
            begins = false;
        }
    }
}
