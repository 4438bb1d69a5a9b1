using System.IO.Compression;
using System.Text;
using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.Tests.Training;

namespace RnnLm.Tests.LanguageModels;

/// <summary>A model that is trained further on text with new characters, and learns them: what it knew keeps its place.</summary>
public sealed class GrownVocabularyTests : IDisposable
{
    private const string Added = "§é😀";

    /// <summary>At this rate no weight moves, so that a trained model is the one that training began with.</summary>
    private const double Still = 1e-30;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<TextRow> NewRows =>
        TinyTraining.Lines.Select((line, i) => TextRow.Row($"{Added[..1]}{line}é{(i % 2 == 0 ? "😀" : "")}"));

    public static TheoryData<CellType, int, bool, DataMode> Networks => new()
    {
        { CellType.Gru, 12, false, DataMode.Stream },
        { CellType.Lstm, 0, false, DataMode.Rows },
        { CellType.Rnn, 32, true, DataMode.Rows },
        { CellType.Gru, 0, false, DataMode.Stream },
    };

    /// <summary>The logits of all that was known are those of before, and a new character has the mean of the known ones'.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void WhatWasKnownKeepsItsIdAndItsLogit(CellType cell, int embedding, bool tied, DataMode mode)
    {
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, Options(cell, embedding, tied, mode));
        using RnnLanguageModel grown = Grow(first, NewRows, Still);

        int had = first.Vocabulary.Size, special = first.Vocabulary.SpecialTokens;
        Assert.Equal(first.Characters.Concat(Added.EnumerateRunes()), grown.Characters);
        Assert.Equal(had + 3, grown.Config.VocabularySize);
        int[] text = first.Vocabulary.Encode("order 1234 was paid");
        Assert.Equal(text, grown.Vocabulary.Encode("order 1234 was paid"));
        foreach ((float[] before, float[] after) in Logits(first, text).Zip(Logits(grown, text)))
        {
            for (int id = 0; id < had; id++)
                Assert.Equal(before[id], after[id], 1e-5);
            double mean = before[special..].Average();
            for (int id = had; id < had + 3; id++)
                Assert.Equal(mean, after[id], 1e-4);
        }
    }

    /// <summary>Beside V tokens, n new ones take at most n / (n + V) of the probability, and all that is known loses the same
    /// share.</summary>
    [Fact]
    public void OldTextLosesNoMoreThanTheShareOfTheNewCharacters()
    {
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, Options());
        using RnnLanguageModel grown = Grow(first, NewRows, Still);

        double most = Math.Log(1 + (3.0 / first.Characters.Count));
        foreach (string line in TinyTraining.Lines.Take(20))
        {
            double lost = first.Score(line).LogProbability - grown.Score(line).LogProbability;
            Assert.InRange(lost, 1e-6, most * (line.Length + 1));
        }

        var greedy = new SamplingOptions { Temperature = 0, MaxLength = 80 };
        Assert.Equal(first.Generate("order 2", greedy), grown.Generate("order 2", greedy));
    }

    [Fact]
    public void TheNewCharactersAreLearnedAndWritten()
    {
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, Options(mode: DataMode.Rows));
        using RnnLanguageModel grown = Grow(first, NewRows, 0.01, steps: 150);

        string text = NewRows.First().ToString();
        Assert.Equal(0, grown.Score(text).UnknownCharacters);
        Assert.True(grown.Score(text).NatsPerCharacter < 1.2, $"{grown.Score(text).NatsPerCharacter}");
        Assert.StartsWith("§order", grown.Generate("", new() { Temperature = 0, MaxLength = 50 }), StringComparison.Ordinal);
        Assert.Contains("é", grown.Generate("§order 1000 was paid on friday.", new() { Temperature = 0 }),
            StringComparison.Ordinal);
    }

    /// <summary>Counts and caps choose among the new characters as among those of a first training; known ones always stay.</summary>
    [Theory]
    [InlineData(1, 4096, null, "é§😀")]
    [InlineData(200, 4096, null, "é§")]
    [InlineData(1, 2, null, "é§")]
    [InlineData(1, 0, null, "")]
    [InlineData(1, 4096, "😀Ω", "😀Ω")]
    public void CountsAndCapsCountAsForAFirstTraining(int minCount, int beyond, string? characters, string expected)
    {
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, Options());
        var log = new List<LogMessage>();

        using RnnLanguageModel grown = Grow(first, NewRows, Still, options =>
        {
            options.Vocabulary.MinCount = minCount;
            options.Vocabulary.MaxSize = Math.Max(2, beyond == 4096 ? beyond : first.Characters.Count + beyond);
            options.Vocabulary.Characters = characters;
            options.Training.Log = new Collector(log);
        });

        Assert.Equal(first.Characters, grown.Characters.Take(first.Characters.Count));
        Assert.Equal(expected.EnumerateRunes().Order(), grown.Characters.Skip(first.Characters.Count));
        Assert.Equal(expected.Length > 0, log.Exists(m => m.Text.StartsWith("Added to the previous model: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void TheOrderOfTheIdsIsSavedAndGrowsOn()
    {
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, Options());
        using RnnLanguageModel grown = Grow(first, NewRows, 0.01);
        using RnnLanguageModel again = Grow(grown, NewRows.Append("Aé"), 0.01);
        first.Save(_folder["first.zip"]);
        again.Save(_folder["again.zip"]);

        using RnnLanguageModel loaded = RnnLanguageModel.Load(_folder["again.zip"]);
        Assert.Equal(string.Concat(first.Characters) + Added + "A", string.Concat(loaded.Characters));
        Assert.Equal(again.Score("§order é").LogProbability, loaded.Score("§order é").LogProbability);
        // Older versions read what they can, and name the format of what they can't.
        Assert.Contains("\"format_version\": 1,", Config("first.zip"), StringComparison.Ordinal);
        Assert.Contains("\"format_version\": 2,", Config("again.zip"), StringComparison.Ordinal);
    }

    [Fact]
    public void NewConditionsAreLearnedBesideTheKnownOnes()
    {
        static IEnumerable<TextRow> Conditioned(params string[] names) =>
            TinyTraining.Lines.Select((line, i) => TextRow.Row(line + names[i % names.Length][0], names[i % names.Length]));

        using RnnLanguageModel first = RnnLanguageModel.Train(Conditioned("a", "b"), Options(mode: DataMode.Rows));
        using RnnLanguageModel still = Grow(first, Conditioned("c", "b", "d"), Still);
        float[] had = first.Saved.Weights["condition.weight"].Values, has = still.Saved.Weights["condition.weight"].Values;
        int width = had.Length / 2;

        Assert.Equal(["a", "b", "c", "d"], still.Conditions);
        Assert.Equal([0L, 100, 100, 100], still.ConditionCounts);
        Assert.Equal(had, has[..(2 * width)]);
        for (int i = 0; i < width; i++)
            Assert.Equal((had[i] + had[width + i]) / 2, has[(3 * width) + i], 1e-6);

        using RnnLanguageModel grown = Grow(first, Conditioned("c", "b", "d"), 0.01, steps: 200);
        Assert.True(grown.Score("order 1000 was paid on friday.c", condition: "c").NatsPerCharacter
            < grown.Score("order 1000 was paid on friday.c", condition: "b").NatsPerCharacter);
    }

    /// <summary>Conditions of a model without any begin where its texts have begun without one.</summary>
    [Theory]
    [InlineData(InitialState.Zeros, CellType.Gru)]
    [InlineData(InitialState.Ones, CellType.Lstm)]
    [InlineData(InitialState.Learned, CellType.Lstm)]
    public void AModelWithoutConditionsLearnsTheFirst(InitialState state, CellType cell)
    {
        LanguageModelOptions options = Options(cell, mode: DataMode.Rows);
        options.Model.InitialState = state;
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, options);
        using RnnLanguageModel grown =
            Grow(first, TinyTraining.Lines.Select((line, i) => TextRow.Row(line, i % 2 == 0 ? "a" : "b")), Still);

        Assert.Equal(["a", "b"], grown.Conditions);
        double expected = first.Score(TinyTraining.Lines[0]).LogProbability;
        Assert.Equal(expected, grown.Score(TinyTraining.Lines[0]).LogProbability, 1e-6);
        Assert.Equal(expected, grown.Score(TinyTraining.Lines[0], condition: "b").LogProbability, 1e-6);
    }

    [Fact]
    public void AClassifierThatStartsFromALanguageModelLearnsNewCharactersToo()
    {
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, Options(mode: DataMode.Rows));
        LabelledText[] rows = [.. TinyTraining.Lines.Select((line, i) => new LabelledText(line + (i % 2 == 0 ? "é" : "§"), $"{i % 2}"))];
        var options = new TextClassifierOptions
        {
            Vocabulary = { Grow = true },
            Optimizer = { LearningRate = Still },
            Training = { Epochs = 0, MaxSteps = 1, Seed = 1 },
        };

        using (RnnTextClassifier still = RnnTextClassifier.Train(rows, options, languageModel: first))
        {
            Assert.Equal(string.Concat(first.Characters) + "§é", string.Concat(still.Characters));
            float[] known = first.Saved.Weights["embedding.weight"].Values;
            Assert.Equal(known, still.Saved.Weights["embedding.weight"].Values[..known.Length]);
        }

        (options.Optimizer.LearningRate, options.Training.MaxSteps) = (0.01, 100);
        using RnnTextClassifier model = RnnTextClassifier.Train(rows, options, languageModel: first);
        Assert.Equal(1, model.Evaluate(rows).Accuracy);
    }

    [Fact]
    public void ATrainingThatGrowsIsResumedToTheSameBits()
    {
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, Options());
        using RnnLanguageModel whole = Grow(first, NewRows, 0.01, steps: 20);
        Grow(first, NewRows, 0.01, o => o.Training.CheckpointPath = _folder["c"], steps: 10).Dispose();
        using RnnLanguageModel resumed =
            Grow(first, NewRows, 0.01, o => (o.Training.CheckpointPath, o.Training.Resume) = (_folder["c"], true), steps: 20);
        TestModels.AssertEqual(whole.Saved.Weights, resumed.Saved.Weights);

        CheckpointException fault = Assert.Throws<CheckpointException>(() => Grow(first, NewRows, 0.01,
            o => (o.Training.CheckpointPath, o.Training.Resume, o.Vocabulary.Grow) = (_folder["c"], true, false), steps: 30));
        Assert.Contains("Vocabulary.Grow was true, is false", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnknownCharacterPolicy.Token, "Read as the unknown token: ")]
    [InlineData(UnknownCharacterPolicy.Skip, "Left out of the training data: ")]
    [InlineData(UnknownCharacterPolicy.Throw, "Remove it, or set Vocabulary.Grow to let the model learn it.")]
    public void WithoutGrowthTheMessageNamesIt(UnknownCharacterPolicy policy, string message)
    {
        LanguageModelOptions options = Options(mode: DataMode.Rows);
        options.Vocabulary.UnknownCharacters = policy;
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, options);
        var log = new List<LogMessage>();
        void Further() => Grow(first, NewRows, Still,
            o => (o.Vocabulary.Grow, o.Training.Log) = (false, new Collector(log))).Dispose();

        if (policy == UnknownCharacterPolicy.Throw)
        {
            Assert.Contains(message, Assert.Throws<TextDataException>(Further).Message, StringComparison.Ordinal);
            return;
        }

        Further();
        LogMessage said = Assert.Single(log, m => m.Text.StartsWith(message, StringComparison.Ordinal));
        Assert.EndsWith(" Vocabulary.Grow = true lets the model learn them.", said.Text, StringComparison.Ordinal);
    }

    /// <summary>A model that reads every line end as a line feed would read its old text differently, if it knew the carriage
    /// return.</summary>
    [Fact]
    public void TheCarriageReturnIsNotAdded()
    {
        using RnnLanguageModel first = RnnLanguageModel.Train(TinyTraining.Rows, Options());
        OptionsException fault =
            Assert.Throws<OptionsException>(() => Grow(first, NewRows, Still, o => o.Vocabulary.Characters = "é\r"));
        Assert.StartsWith("Vocabulary.Characters has the carriage return", fault.Message, StringComparison.Ordinal);
    }

    private static LanguageModelOptions Options(
        CellType cell = CellType.Gru, int embedding = 12, bool tied = false, DataMode mode = DataMode.Stream)
    {
        LanguageModelOptions options = TinyTraining.Options(mode, cell);
        (options.Model.EmbeddingSize, options.Model.TieWeights) = (embedding, tied);
        return options;
    }

    private static RnnLanguageModel Grow(
        RnnLanguageModel previous, IEnumerable<TextRow> rows, double rate, Action<LanguageModelOptions>? set = null, int steps = 2)
    {
        var options = new LanguageModelOptions
        {
            Vocabulary = { Grow = true },
            Optimizer = { LearningRate = rate },
            Training = { Epochs = 0, MaxSteps = steps, Seed = 1 },
            Device = { Engine = EngineKind.Managed, Threads = 1 },
        };
        set?.Invoke(options);
        return RnnLanguageModel.Train(rows, options, previous: previous);
    }

    private static IEnumerable<float[]> Logits(RnnLanguageModel model, int[] text)
    {
        using IInferenceSession session = model.Loaded.LanguageModel.CreateSession(1);
        session.Reset(0);
        foreach (int id in text)
        {
            float[] logits = new float[model.Config.VocabularySize];   // [V]
            session.Step([id], logits);
            yield return logits;
        }
    }

    private string Config(string file)
    {
        using ZipArchive zip = ZipFile.OpenRead(_folder[file]);
        using var reader = new StreamReader(zip.GetEntry("TransformerChain/Transform_000/config.json")!.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
