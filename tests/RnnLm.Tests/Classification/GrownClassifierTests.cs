using RnnLm.Modeling;
using RnnLm.Tests.Training;

namespace RnnLm.Tests.Classification;

/// <summary>A classifier that is trained further, and learns new labels and characters: what it knew keeps its place.</summary>
public sealed class GrownClassifierTests : IDisposable
{
    /// <summary>At this rate no weight moves, so that a trained model is the one that training began with.</summary>
    private const double Still = 1e-30;

    private static readonly string[] Texts = ["order 1234 was paid", "sent", "a", "5", "in may on monday."];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<CellType, int, bool, Pooling> Networks
    {
        get
        {
            var networks = new TheoryData<CellType, int, bool, Pooling>();
            foreach (CellType cell in Enum.GetValues<CellType>())
            {
                foreach (Pooling pooling in Enum.GetValues<Pooling>())
                {
                    foreach (bool bidirectional in (bool[])[false, true])
                    {
                        networks.Add(cell, 0, bidirectional, pooling);
                        networks.Add(cell, 6, bidirectional, pooling);
                    }
                }
            }

            return networks;
        }
    }

    /// <summary>Before any step, a known label has the logit that it had, and a new one the mean of the known ones'.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void WhatWasKnownKeepsItsIdAndItsLogit(CellType cell, int embedding, bool bidirectional, Pooling pooling)
    {
        TextClassifierOptions options = Options(steps: 20);
        (options.Model.Cell, options.Model.EmbeddingSize, options.Model.Layers) = (cell, embedding, 2);
        options.Model.InitialState = embedding > 0 ? InitialState.Learned : InitialState.Ones;
        (options.Classifier.Bidirectional, options.Classifier.Pooling) = (bidirectional, pooling);
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("sent", "paid", "back"), options);

        using RnnTextClassifier grown = Further(first, Rows("paid", "§é", "torn", "back"), Still, steps: 1);

        Assert.Equal(["sent", "paid", "back", "§é", "torn"], grown.Labels);
        Assert.Equal([.. first.Characters, .. "§é".EnumerateRunes()], grown.Characters);
        Assert.Equal((cell, embedding, bidirectional, pooling), (grown.Saved.Config.Cell, grown.Saved.Config.EmbeddingSize,
            grown.Saved.Config.Bidirectional, grown.Saved.Config.Pooling));
        foreach ((double[] before, double[] after) in Logarithms(first).Zip(Logarithms(grown)))
        {
            // The logarithms of probabilities are logits, but for what all of a text have in common.
            double common = after[0] - before[0], mean = before.Average() + common;
            Assert.All(before.Select((logarithm, label) => logarithm + common - after[label]), off => Assert.Equal(0, off, 2e-6));
            Assert.Equal(mean, after[3], 2e-6);
            Assert.Equal(mean, after[4], 2e-6);
        }

        // The weights of what is known are the same to the last bit, but for the rows of the table where new characters stand between.
        foreach (WeightTensor tensor in first.Saved.Weights.Where(tensor =>
            !tensor.Name.StartsWith("rnn.weight_ih_l0", StringComparison.Ordinal)))
            Assert.Equal(tensor.Values, grown.Saved.Weights[tensor.Name].Values[..tensor.Values.Length]);
    }

    /// <summary>A character that is new has the mean weights of the known characters, in the embedding or the columns of one-hot
    /// input, in both directions.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void NewCharactersBeginAsTheMeanOfTheKnownOnes(int embedding)
    {
        TextClassifierOptions options = Options(steps: 5);
        options.Model.EmbeddingSize = embedding;
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("sent", "paid"), options);
        using RnnTextClassifier grown = Further(first, Rows("sent", "§é"), Still, steps: 1);

        int special = first.Saved.Vocabulary.SpecialTokens, had = first.Saved.Vocabulary.Size;
        Assert.Equal(1, special);
        foreach (string name in embedding > 0 ? (string[])["embedding.weight"] : ["rnn.weight_ih_l0", "rnn.weight_ih_l0_reverse"])
        {
            WeightTensor from = first.Saved.Weights[name], to = grown.Saved.Weights[name];
            int width = embedding > 0 ? embedding : from.Shape[0];
            for (int i = 0; i < width; i++)
            {
                float Weight(WeightTensor of, int token) => of.Values[embedding > 0 ? (token * width) + i : (i * of.Shape[1]) + token];
                Assert.Equal(Weight(from, had - 1), Weight(to, had - 1));
                double mean = Enumerable.Range(special, had - special).Average(token => (double)Weight(from, token));
                Assert.Equal(mean, Weight(to, had), 1e-6);
                Assert.Equal(mean, Weight(to, had + 1), 1e-6);
            }
        }
    }

    [Fact]
    public void NewLabelsAreLearnedBesideTheKnownOnesAndSaved()
    {
        LabelledText[] old = [.. Rows("sent", "paid")], all = [.. Rows("sent", "§é", "paid", "torn")];
        using RnnTextClassifier first = RnnTextClassifier.Train(old, Options(steps: 120));
        float[] before = [.. first.Classify(Texts[0]).Probabilities];
        var log = new List<LogMessage>();

        using RnnTextClassifier grown = Further(first, all, 0.01, steps: 200, options => options.Training.Log = new Collector(log));
        grown.Save(_folder["grown.zip"]);
        using RnnTextClassifier loaded = RnnTextClassifier.Load(_folder["grown.zip"]);

        Assert.Contains(log, message => message is { Severity: LogSeverity.Info,
            Text: "Added to the previous model: 2 characters ('§', 'é') and 2 labels ('§é', 'torn')." });
        Assert.Equal(["sent", "paid", "§é", "torn"], loaded.Labels);
        Assert.Equal(1, loaded.Evaluate(all).Accuracy);
        Assert.Equal(grown.Classify(Texts[0]).Probabilities, loaded.Classify(Texts[0]).Probabilities);
        Assert.True(loaded.TrainingSummary!.ValidationLoss < 0.1);
        // The model that was gone on from is as it was.
        Assert.Equal(before, first.Classify(Texts[0]).Probabilities);
        Assert.Equal(["sent", "paid"], first.Labels);

        using RnnTextClassifier again = Further(loaded, Rows("worn"), Still, steps: 1);
        Assert.Equal(["sent", "paid", "§é", "torn", "worn"], again.Labels);
    }

    [Fact]
    public void WithoutGrowthALabelThatIsNotKnownIsAnError()
    {
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("sent", "paid"), Options(steps: 2));
        void Further(IEnumerable<LabelledText> rows, IEnumerable<LabelledText>? validation, IProgress<LogMessage>? log = null)
        {
            TextClassifierOptions options = Small(Still, steps: 1);
            options.Training.Log = log;
            RnnTextClassifier.Train(rows, options, validation, previous: first).Dispose();
        }

        TextDataException fault = Assert.Throws<TextDataException>(() => Further([.. Rows("sent").Take(6), new("?", "torn")], null));
        Assert.Equal("Row 7: the previous model does not know the label 'torn'. Set Vocabulary.Grow to add new labels, correct the label, "
            + "or leave the row out.", fault.Message);
        Assert.Equal(7, fault.Line);

        // A row without a label is left out and said, as in a first training; so is a validation row whose label is not known.
        var log = new List<LogMessage>();
        Further([.. Rows("sent"), new("?", null)], [.. Rows("paid"), new("?", "torn")], new Collector(log));
        Assert.Contains(log, m => m.Text.StartsWith("Not counted: 1 row of the training data without a label", StringComparison.Ordinal));
        Assert.Contains(log, m => m.Text.StartsWith("Not counted: 1 row of the validation data without a label", StringComparison.Ordinal));
    }

    [Fact]
    public void DataOfOneLabelDoAndDataOfNoneDoNot()
    {
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("sent", "paid"), Options(steps: 60));

        using RnnTextClassifier further = Further(first, Rows("paid"), 0.01, steps: 10, o => o.Vocabulary.Grow = false);

        Assert.Equal(["sent", "paid"], further.Labels);
        Assert.Equal("paid", further.Classify("x paid").Label);
        TextDataException fault = Assert.Throws<TextDataException>(() => Further(first, [new("a", null), new("b", null)], 0.01, steps: 1));
        Assert.StartsWith("No row of the training data has a label; one label is enough to go on", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Known labels may have no row in the new data: neither their weight in the loss nor the draw of rows goes by them.</summary>
    [Theory]
    [InlineData(1, false, 0)]
    [InlineData(0.5, false, 0.1)]
    [InlineData(0, true, 0)]
    [InlineData(0, false, 0.1)]
    public void LabelsWithoutARowAreNoHindrance(double balance, bool sampling, double smoothing)
    {
        LabelledText[] all = [.. Rows("sent", "paid", "back", "torn")];
        using RnnTextClassifier first = RnnTextClassifier.Train(all, Options(steps: 150));
        LabelledText[] uneven = [.. all.Where((row, i) => row.Label == "paid" || (row.Label == "torn" && i % 10 == 3))];

        using RnnTextClassifier further = Further(first, uneven, 1e-3, steps: 20, options =>
        {
            (options.Classifier.ClassBalance, options.Classifier.BalancedSampling) = (balance, sampling);
            (options.Training.LabelSmoothing, options.Training.ValidationFraction) = (smoothing, 0.2);
        });

        Assert.True(further.Saved.Weights.AreFinite);
        Assert.True(further.TrainingSummary!.ValidationLoss is > 0 and < 1, $"{further.TrainingSummary.ValidationLoss}");
        Assert.True(further.Evaluate(all).Accuracy > 0.9, $"{further.Evaluate(all).Accuracy}");
    }

    [Fact]
    public void OptionsThatAreNotSetAreThoseOfTheClassifier()
    {
        TextClassifierOptions options = Options(steps: 2);
        (options.Model.Cell, options.Model.Layers, options.Data.MaxRowLength) = (CellType.Lstm, 2, 9);
        (options.Classifier.Bidirectional, options.Classifier.Pooling) = (false, Pooling.Max);
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("sent", "paid"), options);
        var log = new List<LogMessage>();

        using RnnTextClassifier same = Further(first, Rows("paid"), Still, steps: 1, o => o.Training.Log = new Collector(log));
        Assert.Equal((CellType.Lstm, 2, false, Pooling.Max, 9), (same.Saved.Config.Cell, same.Saved.Config.Layers,
            same.Saved.Config.Bidirectional, same.Saved.Config.Pooling, same.Saved.MaxRowLength));
        Assert.Equal(first.Classify(Texts[0]).Probabilities, same.Classify(Texts[0]).Probabilities);
        Assert.Contains(log, message => message.Text.StartsWith("Kept from the previous model: Model.HiddenSize = 16, ",
            StringComparison.Ordinal) && message.Text.EndsWith("Classifier.Bidirectional = false, Classifier.Pooling = Max, "
            + "Data.MaxRowLength = 9.", StringComparison.Ordinal));

        // No weight depends on how far a text is read.
        using RnnTextClassifier longer = Further(first, Rows("paid"), Still, steps: 1, o => o.Data.MaxRowLength = 500);
        Assert.Equal(500, longer.Saved.MaxRowLength);
        Assert.NotEqual(first.Classify(Texts[0]).Probabilities, longer.Classify(Texts[0]).Probabilities);
    }

    [Theory]
    [InlineData("Model.HiddenSize is 7, but the previous model has 16, which is kept")]
    [InlineData("Model.Initialization is Orthogonal: it says how weights are drawn, but those of the previous model are kept")]
    [InlineData("Classifier.Bidirectional contradicts the previous model's Classifier.Bidirectional = true, which is kept")]
    [InlineData("Classifier.Pooling is Max, but the previous model has Mean, which is kept")]
    [InlineData("Vocabulary.MinCount is 3: it chooses characters of the data, but those of the previous model are kept")]
    public void OptionsThatAskForAnotherNetworkAreRefusedWithBothValues(string fault)
    {
        TextClassifierOptions options = Options(steps: 2);
        options.Classifier.Pooling = Pooling.Mean;
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("sent", "paid"), options);

        OptionsException e = Assert.Throws<OptionsException>(() => Further(first, Rows("paid"), Still, steps: 1, other =>
        {
            other.Vocabulary.Grow = false;
            (other.Model.HiddenSize, other.Model.Initialization) = (7, WeightInitialization.Orthogonal);
            (other.Classifier.Bidirectional, other.Classifier.Pooling, other.Vocabulary.MinCount) = (false, Pooling.Max, 3);
        }));

        Assert.Contains(fault, e.Message, StringComparison.Ordinal);
        Assert.Equal(5, e.Faults.Count);
    }

    [Fact]
    public void ValidationDataWithoutAKnownLabelAreRefusedAsSuch()
    {
        TextDataException fault = Assert.Throws<TextDataException>(() => RnnTextClassifier.Train(Rows("sent", "paid"), Options(steps: 2),
            validation: [new("a", "other"), new("b", null)]));

        Assert.StartsWith("No row of the validation data has a label that the model knows.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALanguageModelAndAClassifierAreNotBothGoneOnFrom()
    {
        using RnnTextClassifier classifier = RnnTextClassifier.Train(Rows("sent", "paid"), Options(steps: 2));
        using RnnLanguageModel language = RnnLanguageModel.Train(TinyTraining.Rows, TinyTraining.Options(DataMode.Rows));

        ArgumentException fault = Assert.Throws<ArgumentException>("previous",
            () => RnnTextClassifier.Train(Rows("paid"), Small(Still, 1), languageModel: language, previous: classifier));
        Assert.StartsWith("A classifier starts from a language model or goes on from a classifier, not both.", fault.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ATrainingThatGrowsIsResumedToTheSameBits()
    {
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("sent", "paid"), Options(steps: 30));
        LabelledText[] rows = [.. Rows("torn", "sent", "§é")];
        void WithCheckpoint(TextClassifierOptions options) =>
            (options.Training.CheckpointPath, options.Training.Resume) = (_folder["c"], true);

        using RnnTextClassifier whole = Further(first, rows, 0.01, steps: 25);
        Further(first, rows, 0.01, steps: 11, WithCheckpoint).Dispose();
        using RnnTextClassifier resumed = Further(first, rows, 0.01, steps: 25, WithCheckpoint);
        TestModels.AssertEqual(whole.Saved.Weights, resumed.Saved.Weights);
        Assert.Equal(whole.Labels, resumed.Labels);

        // Another previous model, other labels, or none that are new, are another training.
        CheckpointException fault = Assert.Throws<CheckpointException>(() => Further(whole, rows, 0.01, steps: 40, WithCheckpoint));
        Assert.Contains("the previous model was", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<CheckpointException>(() => Further(first,
            rows.Select(row => row with { Label = row.Label == "torn" ? "gone" : row.Label }), 0.01, steps: 40, WithCheckpoint));
        Assert.Equal("Labels", Assert.Single(fault.Differences).Property);
        Assert.Contains("the labels were 4 (", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PrivateTrainingGoesOnToo()
    {
        using RnnTextClassifier first = RnnTextClassifier.Train(Rows("sent", "paid"), Options(steps: 30));

        using RnnTextClassifier grown = Further(first, Rows("torn", "sent"), 0.01, steps: 10, options =>
        {
            (options.Training.PrivacyNoise, options.Training.PrivacyClipNorm, options.Training.Seed) = (1, 1, null);
            options.Training.ValidationFraction = 0;
        });

        Assert.Equal(["sent", "paid", "torn"], grown.Labels);
        Assert.True(grown.TrainingSummary!.Privacy!.IsFromPreviousModel);
        Assert.True(grown.Saved.Weights.AreFinite);
    }

    /// <summary>Returns the logarithms of the probabilities of each text.</summary>
    private static IEnumerable<double[]> Logarithms(RnnTextClassifier model) =>
        model.ClassifyAll(Texts).Select(answer => answer.Probabilities.Select(p => Math.Log(p)).ToArray());

    private static RnnTextClassifier Further(RnnTextClassifier previous, IEnumerable<LabelledText> rows, double rate, int steps,
        Action<TextClassifierOptions>? set = null)
    {
        TextClassifierOptions options = Small(rate, steps);
        options.Vocabulary.Grow = true;
        set?.Invoke(options);
        return RnnTextClassifier.Train(rows, options, previous: previous);
    }

    private static TextClassifierOptions Options(int steps)
    {
        TextClassifierOptions options = Small(0.01, steps);
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Gru, 16, 8);
        return options;
    }

    private static TextClassifierOptions Small(double rate, int steps) => new()
    {
        Data = { BatchSize = 16 },
        Optimizer = { LearningRate = rate },
        Training = { Epochs = 0, MaxSteps = steps, Seed = 5 },
        Device = { Engine = EngineKind.Managed, Threads = 1 },
    };

    /// <summary>Returns sentences of which each ends in its label, the labels in turn.</summary>
    private static IEnumerable<LabelledText> Rows(params string[] labels) => TinyTraining.Lines.Take(120)
        .Select((line, i) => new LabelledText($"{line} {labels[i % labels.Length]}", labels[i % labels.Length]));

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
