using System.Text.Json;
using RnnLm.Managed.Training;
using RnnLm.Tests.Training;

namespace RnnLm.Tests.LanguageModels;

/// <summary>What a previous model decides: it is kept where nothing else was asked for, and what can't count is refused.</summary>
public sealed class PreviousModelTests : IDisposable
{
    private readonly RnnLanguageModel _previous = RnnLanguageModel.Train(TinyTraining.Rows, Rows(layers: 2));

    public void Dispose() => _previous.Dispose();

    public static TheoryData<string, Action<LanguageModelOptions>, string> Contradictions => new()
    {
        { "Model.Cell", o => o.Model.Cell = CellType.Rnn, "is Rnn, but the previous model has Gru" },
        { "Model.HiddenSize", o => o.Model.HiddenSize = 99, "is 99, but the previous model has 24" },
        { "Model.Layers", o => o.Model.Layers = 3, "is 3, but the previous model has 2" },
        { "Model.EmbeddingSize", o => o.Model.EmbeddingSize = 0, "is 0, but the previous model has 8" },
        { "Model.TieWeights", o => o.Model.TieWeights = true, "contradicts the previous model's Model.TieWeights = false, which is kept" },
        { "Model.InitialState", o => o.Model.InitialState = InitialState.Learned, "is Learned, but the previous model has Zeros" },
        { "Model.Initialization", o => o.Model.Initialization = WeightInitialization.Orthogonal,
        "is Orthogonal: it says how weights are drawn" },
        { "Vocabulary.Characters", o => o.Vocabulary.Characters = "abcΩa", "names 4 characters, but the previous model knows " },
        { "Vocabulary.MinCount", o => o.Vocabulary.MinCount = 5, "is 5: it chooses characters of the data" },
        { "Vocabulary.MaxSize", o => o.Vocabulary.MaxSize = 10, "is 10: it chooses characters of the data" },
        { "Vocabulary.UnknownCharacters", o => o.Vocabulary.UnknownCharacters = UnknownCharacterPolicy.Skip,
        "is Skip, but the previous model has Token" },
        { "Data.Mode", o => o.Data.Mode = DataMode.Pairs, "is Pairs, but the previous model has Rows" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void WhatContradictsThePreviousModelIsRefusedWithBothValues(string option, Action<LanguageModelOptions> set, string problem)
    {
        LanguageModelOptions options = Further();
        set(options);

        OptionsException fault = Assert.Throws<OptionsException>(() => RnnLanguageModel.Train(Unread(), options, previous: _previous));

        Assert.StartsWith($"{option} {problem}", fault.Message, StringComparison.Ordinal);
        Assert.Single(fault.Faults);
    }

    [Fact]
    public void WhatIsLeftAtItsDefaultIsThePreviousModelsAndSaid()
    {
        LanguageModelOptions options = Further();
        var log = new List<LogMessage>();
        options.Training.Log = new Collector(log);

        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options, previous: _previous);

        Assert.Equal(_previous.Config, model.Config);
        Assert.Equal(DataMode.Rows, model.Mode);
        LogMessage said = Assert.Single(log, m => m.Text.StartsWith("Kept from the previous model: ", StringComparison.Ordinal));
        foreach (string setting in (string[])["Model.Cell = Gru", "Model.HiddenSize = 24", "Model.Layers = 2", "Model.EmbeddingSize = 8",
            "Data.Mode = Rows"])
            Assert.Contains(setting, said.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsAskedForAsThePreviousModelHasItIsNoContradiction()
    {
        LanguageModelOptions options = Rows(layers: 2);
        options.Vocabulary.Characters = string.Concat(_previous.Vocabulary.Characters.Reverse());
        options.Training.MaxSteps = 2;

        RnnLanguageModel.Train(TinyTraining.Rows, options, previous: _previous).Dispose();
    }

    [Fact]
    public void AClassifierKeepsTheNetworkOfTheLanguageModelThatItStartsFrom()
    {
        LabelledText[] rows = [.. Enumerable.Range(0, 40).Select(i => new LabelledText(i % 2 == 0 ? "ab" : "xy", i % 2 == 0 ? "a" : "x"))];
        var options = new TextClassifierOptions { Training = { Epochs = 0, MaxSteps = 2, Seed = 1 } };

        using (RnnTextClassifier model = RnnTextClassifier.Train(rows, options, languageModel: _previous))
            Assert.Equal((CellType.Gru, 24, 2), (model.Saved.Config.Cell, model.Saved.Config.HiddenSize, model.Saved.Config.Layers));

        options.Model.HiddenSize = 99;
        OptionsException fault = Assert.Throws<OptionsException>(() => RnnTextClassifier.Train(rows, options, languageModel: _previous));
        Assert.StartsWith("Model.HiddenSize is 99, but the previous model has 24", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsHandedInAreNeverChanged()
    {
        LanguageModelOptions options = Further();
        string before = Describe(options);

        RnnLanguageModel.Train(TinyTraining.Rows, options, previous: _previous).Dispose();
        RnnTextClassifier.Train([new("a", "a"), new("b", "b")], Classifier(options), languageModel: _previous).Dispose();

        Assert.Equal(before, Describe(options));

        static TextClassifierOptions Classifier(LanguageModelOptions options) => new()
        {
            Model = options.Model, Vocabulary = options.Vocabulary, Optimizer = options.Optimizer, Device = options.Device,
            Training = new() { MaxSteps = 1, ValidationFraction = 0 },
        };

        static string Describe(LanguageModelOptions options) =>
            JsonSerializer.Serialize(new object[] { options.Model, options.Vocabulary, options.Data, options.Optimizer, options.Device,
            options.Sampling, options.Training.Epochs });
    }

    [Fact]
    public void AFilterOfTheTrainingTextThatIsLostIsSaid()
    {
        LanguageModelOptions options = Rows(layers: 1);
        (options.Data.KeepTextFilter, options.Training.MaxSteps) = (true, 1);
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, options);
        var log = new List<LogMessage>();
        options.Training.Log = new Collector(log);
        foreach ((bool keeps, string warning) in new[] { (true, "The filter of the training text will know the new text alone"),
            (false, "The previous model's filter of its training text is not kept. Set Data.KeepTextFilter") })
        {
            options.Data.KeepTextFilter = keeps;
            using RnnLanguageModel second = RnnLanguageModel.Train(TinyTraining.Rows, options, previous: first);
            Assert.Equal(keeps, second.TrainingText is not null);
            Assert.Contains(log, m => m.Severity == LogSeverity.Warning && m.Text.StartsWith(warning, StringComparison.Ordinal));
        }
    }

    private static LanguageModelOptions Rows(int layers)
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize, options.Model.Layers) = (CellType.Gru, 24, 8, layers);
        options.Training.MaxSteps = 5;
        return options;
    }

    /// <summary>Options of a user who wants no more than to train a model further.</summary>
    private static LanguageModelOptions Further() => new() { Training = { Epochs = 0, MaxSteps = 2, Seed = 1 } };

    private static IEnumerable<TextRow> Unread()
    {
        Assert.Fail("Data were read before the options were checked.");
        yield break;
    }

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
