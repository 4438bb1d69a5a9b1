using System.Text;
using RnnLm.Data;
using RnnLm.Managed.Training;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Text;
using RnnLm.Training;

namespace RnnLm.Tests;

/// <summary>Small models to be saved.</summary>
internal static class TestModels
{
    public static SavedModel LanguageModel(CellType cell = CellType.Gru, string characters = "\n abcé𝄞")
    {
        var vocabulary = new CharVocabulary(characters.EnumerateRunes(), startAndEnd: true);
        var config = new ModelConfig
        {
            Cell = cell,
            VocabularySize = vocabulary.Size,
            HiddenSize = 5,
            Layers = 2,
            EmbeddingSize = 3,
            InitialState = InitialState.Learned,
            Conditions = 2,
        };
        return new()
        {
            Config = config,
            Dropout = new() { BetweenLayers = 0.25 },
            Weights = RandomWeights(config, 7),
            Vocabulary = vocabulary,
            DataMode = DataMode.Rows,
            Conditions = ["plain", "\"quoted\" é"],
            Columns = new Dictionary<string, string> { ["input"] = "Prompt", ["output"] = "Written", ["condition"] = "Kind" },
            Sampling = new() { Temperature = 0.7, TopK = 5, StopStrings = ["\n", "<é>"], Seed = -3, InitialState = InitialState.Ones },
            Training = new()
            {
                StopReason = StopReason.EarlyStopping,
                Steps = 20,
                Elapsed = TimeSpan.FromSeconds(2.5),
                Loss = double.NaN,
                SmoothedLoss = 3.9,
                ValidationLoss = 1.0 / 3,
                BestStep = 10,
                CharactersPerSecond = 1e6,
                Seed = 42,
                History =
                [
                    new()
                    {
                        Epoch = 1,
                        Step = 10,
                        Fraction = 0.5,
                        Loss = 3.25,
                        SmoothedLoss = 4,
                        LearningRate = 0.002,
                        GradientNorm = 1.5,
                        CharactersPerSecond = 1e6,
                        Elapsed = TimeSpan.FromSeconds(1),
                    },
                ],
            },
            Metadata = new Dictionary<string, string> { ["source"] = "a & b <c>.txt" },
            TrainingText = Filter(["a", "b c"]),
        };
    }

    public static SavedModel Classifier()
    {
        var vocabulary = new CharVocabulary("xyz".EnumerateRunes());
        var config = new ModelConfig
        {
            Task = ModelTask.Classification,
            Cell = CellType.Lstm,
            VocabularySize = vocabulary.Size,
            HiddenSize = 2,
            Bidirectional = true,
            Pooling = Pooling.Mean,
            Classes = 3,
        };
        return new()
        {
            Config = config,
            Weights = RandomWeights(config, 8),
            Vocabulary = vocabulary,
            DataMode = DataMode.Rows,
            MaxRowLength = 77,
            Classes = ["a", "b", "c"]
        };
    }

    public static TrainingTextFilter Filter(string[] rows, int windowLength = 0)
    {
        var data = new LanguageModelDataOptions { Mode = windowLength == 0 ? DataMode.Rows : DataMode.Stream };
        var builder = new CorpusBuilder(data, new VocabularyOptions());
        foreach (string row in rows)
            builder.Add(row);
        return TrainingTextFilter.FromCorpus(builder.Build(null), windowLength, 0.01);
    }

    public static ModelWeights RandomWeights(ModelConfig config, int seed)
    {
        var random = new Random(seed);
        var weights = new ModelWeights(config);
        foreach (WeightTensor tensor in weights)
        {
            for (int i = 0; i < tensor.Values.Length; i++)
                tensor.Values[i] = random.NextSingle() - 0.5f;
        }

        return weights;
    }

    public static void AssertEqual(SavedModel expected, SavedModel actual)
    {
        Assert.Equal(expected.Config, actual.Config);
        Assert.Equal(expected.Dropout, actual.Dropout);
        Assert.Equal(expected.Vocabulary.Characters, actual.Vocabulary.Characters);
        Assert.Equal(expected.Vocabulary.UnknownId, actual.Vocabulary.UnknownId);
        Assert.Equal(expected.Vocabulary.StartId, actual.Vocabulary.StartId);
        Assert.Equal(expected.Vocabulary.UnknownCharacters, actual.Vocabulary.UnknownCharacters);
        Assert.Equal(expected.DataMode, actual.DataMode);
        Assert.Equal(expected.MaxRowLength, actual.MaxRowLength);
        Assert.Equal(expected.Conditions, actual.Conditions);
        Assert.Equal(expected.ConditionCounts, actual.ConditionCounts);
        Assert.Equal(expected.Classes, actual.Classes);
        Assert.Equal(expected.Columns, actual.Columns);
        Assert.Equivalent(expected.Sampling, actual.Sampling, strict: true);
        Assert.Equivalent(expected.Training, actual.Training, strict: true);
        Assert.Equal(expected.Metadata, actual.Metadata);
        Assert.Equal(expected.TrainingText?.ToBytes(), actual.TrainingText?.ToBytes());
        AssertEqual(expected.Weights, actual.Weights);
    }

    public static void AssertEqual(IEnumerable<WeightTensor> expected, IEnumerable<WeightTensor> actual)
    {
        Assert.Equal(expected.Select(t => t.Name), actual.Select(t => t.Name));
        foreach ((WeightTensor e, WeightTensor a) in expected.Zip(actual))
        {
            Assert.Equal(e.Shape, a.Shape);
            Assert.Equal(e.Values.Select(BitConverter.SingleToInt32Bits), a.Values.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
