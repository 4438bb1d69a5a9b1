using System.Globalization;
using RnnLm.Engines;
using RnnLm.Managed;
using RnnLm.Modeling;
using Xunit.Abstractions;

namespace RnnLm.Tests.Training;

/// <summary>Alone, so that what the collector counts is what the training takes.</summary>
[CollectionDefinition(nameof(TrainingMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrainingMemoryTests))]
public sealed class TrainingMemoryTests(ITestOutputHelper output)
{
    private static readonly string[] Lines = MakeLines();

    /// <summary>Of some the model takes most, of others the minibatch, so that neither hides what is forgotten of the other.</summary>
    public static TheoryData<string, Action<LanguageModelOptions>> Trainings => new()
    {
        { "GRU 768, one-hot, Adam, small", o => (o.Model.Cell, o.Model.EmbeddingSize, o.Model.HiddenSize) = (CellType.Gru, 0, 768) },
        { "LSTM 512, SGD with momentum, small",
        o => (o.Model.HiddenSize, o.Optimizer.Kind, o.Optimizer.Momentum) = (512, OptimizerKind.Sgd, 0.9) },
        { "GRU 512, RMSprop, average, small", o =>
            {
                (o.Model.Cell, o.Model.HiddenSize) = (CellType.Gru, 512);
                (o.Optimizer.Kind, o.Training.AveragingDecay) = (OptimizerKind.RmsProp, 0.99);
            }
        },
        { "GRU 2x512, tied, Adagrad, recurrent dropout, small", o =>
            {
                (o.Model.Cell, o.Model.Layers, o.Model.HiddenSize) = (CellType.Gru, 2, 512);
                (o.Model.TieWeights, o.Model.EmbeddingSize) = (true, 512);
                (o.Model.RecurrentDropout, o.Optimizer.Kind) = (0.2, OptimizerKind.Adagrad);
            }
        },
        { "LSTM 2x320, rows", o => (o.Data.Mode, o.Model.Layers, o.Model.HiddenSize) = (DataMode.Rows, 2, 320) },
        { "LSTM 2x256, dropout", o =>
            {
                (o.Model.Dropout, o.Model.InputDropout, o.Model.OutputDropout) = (0.2, 0.2, 0.2);
                (o.Model.Layers, o.Data.SequenceLength) = (2, 128);
            }
        },
        { "LSTM 384, pairs with conditions", o => (o.Data.Mode, o.Data.BatchSize, o.Model.HiddenSize) = (DataMode.Pairs, 128, 384) },
        { "RNN 256, 200 windows of 64, SGD",
        o => (o.Model.Cell, o.Optimizer.Kind, o.Data.BatchSize) = (CellType.Rnn, OptimizerKind.Sgd, 200) },
        { "GRU 64, 512 windows of 64", o => (o.Model.Cell, o.Model.HiddenSize, o.Data.BatchSize) = (CellType.Gru, 64, 512) },
        { "GRU 256, 100 random windows",
        o => (o.Model.Cell, o.Data.WindowOrder, o.Data.BatchSize) = (CellType.Gru, WindowOrder.Random, 100) },
        { "LSTM 384, private rows", o =>
            {
                (o.Data.Mode, o.Model.HiddenSize, o.Data.BatchSize) = (DataMode.Rows, 384, 16);
                (o.Training.PrivacyNoise, o.Training.PrivacyClipNorm) = (1, 1);
            }
        },
        { "LSTM 512, four threads", o => (o.Model.HiddenSize, o.Device.Threads) = (512, 4) },
    };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void TheEstimateIsNearWhatALanguageModelsTrainingTakes(string way, Action<LanguageModelOptions> choose)
    {
        var options = new LanguageModelOptions
        {
            Device = { Engine = EngineKind.Managed, Threads = 2 },
            Training = { Epochs = 1, Seed = 3, ReportEvery = 1 },
        };
        if (way.EndsWith("small", StringComparison.Ordinal))
            (options.Data.BatchSize, options.Data.SequenceLength) = (2, 16);
        choose(options);
        // Rows differ in length, so that the largest minibatch may come late.
        options.Training.MaxSteps = options.Data.Mode == DataMode.Stream ? 2 : 0;
        bool pairs = options.Data.Mode == DataMode.Pairs;
        TextRow[] rows = [.. Lines.Select((line, i) => pairs ? TextRow.Pair(line[..12], line[12..], $"{i % 20}") : TextRow.Row(line))];

        CheckEstimate(way, progress =>
        {
            options.Training.Progress = progress;
            return RnnLanguageModel.Train(rows, options);
        });
    }

    [Theory]
    [InlineData(CellType.Gru, Pooling.Max, true, 384, 32)]
    [InlineData(CellType.Lstm, Pooling.Last, false, 512, 2)]
    [InlineData(CellType.Rnn, Pooling.Mean, true, 768, 100)]
    public void TheEstimateIsNearWhatAClassifiersTrainingTakes(
        CellType cell, Pooling pooling, bool bidirectional, int hiddenSize, int batchSize)
    {
        var options = new TextClassifierOptions
        {
            Model = { Cell = cell, HiddenSize = hiddenSize },
            Classifier = { Pooling = pooling, Bidirectional = bidirectional },
            Data = { BatchSize = batchSize },
            Device = { Engine = EngineKind.Managed, Threads = 2 },
            Training = { Epochs = 1, Seed = 3, ReportEvery = 1 },
        };
        LabelledText[] rows = [.. Lines.Take(100).Select((line, i) => new LabelledText(line, $"label {i % 5}"))];

        CheckEstimate($"classifier, {cell} {hiddenSize}, {pooling}, {batchSize} texts", progress =>
        {
            options.Training.Progress = progress;
            return RnnTextClassifier.Train(rows, options);
        });
    }

    [Fact]
    public void ACheckpointCopiesWhatIsEstimated()
    {
        using var folder = new TempFolder();
        Compare("checkpoint", () =>
        {
            File.Delete(folder["run.checkpoint"]);
            (double without, long allocatedWithout) = Train(checkpoint: null);
            (double with, long allocatedWith) = Train(folder["run.checkpoint"]);
            return (with - without, allocatedWith - allocatedWithout);
        });

        (double Estimate, long Allocated) Train(string? checkpoint)
        {
            using var memory = new PlayedMemory();
            var options = new LanguageModelOptions
            {
                Model = { HiddenSize = 512 },
                Device = { Engine = EngineKind.Managed, Threads = 1 },
                Training = { Epochs = 0, MaxSteps = 1, Seed = 3, CheckpointPath = checkpoint },
            };
            long before = GC.GetTotalAllocatedBytes(precise: true);
            RnnLanguageModel.Train(Lines.Select(TextRow.Row), options).Dispose();
            return (memory.Wanted.Max(), GC.GetTotalAllocatedBytes(precise: true) - before);
        }
    }

    [Theory]
    [InlineData(CellType.Gru, 0)]
    [InlineData(CellType.Lstm, 64)]
    public void TheEstimateIsNearWhatAModelTakesThatIsLoadedAndUsed(CellType cell, int embedding)
    {
        using var folder = new TempFolder();
        var options = new LanguageModelOptions
        {
            Model = { Cell = cell, HiddenSize = 700, EmbeddingSize = embedding },
            Device = { Engine = EngineKind.Managed, Threads = 1 },
            Training = { Epochs = 0, MaxSteps = 1, Seed = 3 },
        };
        using (RnnLanguageModel trained = RnnLanguageModel.Train(Lines.Select(TextRow.Row), options))
            trained.Save(folder["model.zip"]);

        Compare("loaded", () =>
        {
            using var memory = new PlayedMemory();
            long before = GC.GetTotalMemory(forceFullCollection: true);
            using RnnLanguageModel model = RnnLanguageModel.Load(folder["model.zip"]);
            Assert.NotEmpty(model.Generate("order", new SamplingOptions { MaxLength = 5, Seed = 1 }));
            return (memory.Wanted.Sum(), GC.GetTotalMemory(forceFullCollection: true) - before);
        });
    }

    [Fact]
    public void TheEstimateGrowsWithWhateverMakesAModelOrAMinibatchLarger()
    {
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            var config = new ModelConfig { Cell = cell, VocabularySize = 90, HiddenSize = 100, EmbeddingSize = 50, Layers = 2 };
            var session = new TrainingSessionOptions { Optimizer = new OptimizerOptions() };
            AssertGrows(1, 2048, n => ManagedMemory.Training(config with { HiddenSize = n }, session, 2000, 32));
            AssertGrows(1, 2048, n => ManagedMemory.Training(config with { EmbeddingSize = n }, session, 2000, 32));
            AssertGrows(1, 2048, n => ManagedMemory.Training(config with { VocabularySize = n }, session, 2000, 32));
            AssertGrows(1, 8, n => ManagedMemory.Training(config with { Layers = n }, session, 2000, 32));
            AssertGrows(1, 2048, n => ManagedMemory.Training(config, session, n, 1));
            AssertGrows(1, 2048, n => ManagedMemory.Training(config, session, 2048, n));
            AssertGrows(1, 256, n => ManagedMemory.Training(config, session with { Threads = n }, 2000, 32));
            AssertGrows(1, 2048, n => ManagedMemory.Inference(config with { HiddenSize = n }));
        }

        static void AssertGrows(int first, int last, Func<int, MemoryNeed> estimate)
        {
            double before = estimate(first).Total;
            for (int n = first + 1; n <= last; n++)
            {
                double now = estimate(n).Total;
                Assert.True(now >= before, $"{n}: {now} is less than {before}");
                before = now;
            }

            Assert.True(before > estimate(first).Total);
        }
    }

    [Fact]
    public void AModelThatIsTooLargeIsRefusedBeforeTheTextIsRead()
    {
        using var memory = new PlayedMemory(4L << 30);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        var options = new LanguageModelOptions { Model = { HiddenSize = 16_384 } };

        var e = Assert.Throws<MemoryLimitException>(() => RnnLanguageModel.Train(Unreadable(), options));

        Assert.Matches(@"^Training takes about \d\d\.\d GiB of memory, but of the 4\.0 GiB that this process may use, 4\.0 GiB are left\. ",
            e.Message);
        Assert.Matches(@" Model\.HiddenSize = \d+ fits; or lower Model\.Layers\.$", e.Message);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8 << 20);

        static IEnumerable<TextRow> Unreadable() =>
            Enumerable.Range(0, 1).Select(TextRow (_) => throw new InvalidOperationException("The text is read."));
    }

    [Fact]
    public void TheSettingThatIsAdvisedFits()
    {
        using var memory = new PlayedMemory(48L << 20);
        var options = new LanguageModelOptions
        {
            Model = { HiddenSize = 1024 },
            Device = { Engine = EngineKind.Managed, Threads = 1 },
            Training = { Epochs = 0, MaxSteps = 1 },
        };
        var e = Assert.Throws<MemoryLimitException>(() => RnnLanguageModel.Train(Lines.Select(TextRow.Row), options));
        options.Model.HiddenSize = Advised("Model.HiddenSize", e);
        RnnLanguageModel.Train(Lines.Select(TextRow.Row), options).Dispose();

        (options.Model.HiddenSize, options.Data.BatchSize, options.Data.SequenceLength) = (64, 512, 64);
        e = Assert.Throws<MemoryLimitException>(() => RnnLanguageModel.Train(Lines.Select(TextRow.Row), options));
        Assert.Contains("or lower Data.SequenceLength.", e.Message, StringComparison.Ordinal);
        options.Data.BatchSize = Advised("Data.BatchSize", e);
        RnnLanguageModel.Train(Lines.Select(TextRow.Row), options).Dispose();

        static int Advised(string option, MemoryLimitException e) =>
            int.Parse(e.Message.Split($"{option} = ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void AnArrayThatIsLongerThanThereCanBeIsRefusedWhateverTheMemory()
    {
        using var memory = new PlayedMemory();

        var options = new LanguageModelOptions { Model = { HiddenSize = 16_384, Layers = 8 } };

        var e = Assert.Throws<MemoryLimitException>(() => RnnLanguageModel.Train(["text"], options));

        Assert.Contains("an array of", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatNeedsMoreThanThereIsIsRefusedByItsName()
    {
        using var folder = new TempFolder();
        LanguageModelOptions options = TinyTraining.Options();
        options.Training.CheckpointPath = folder["run.checkpoint"];
        using (RnnLanguageModel trained = RnnLanguageModel.Train(TinyTraining.Rows, options))
            trained.Save(folder["model.zip"]);

        using var memory = new PlayedMemory(1 << 10);
        var model = Assert.Throws<MemoryLimitException>(() => RnnLanguageModel.Load(folder["model.zip"]));
        options.Training.Resume = true;
        var checkpoint = Assert.Throws<MemoryLimitException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options));

        const string Fault = "can't be loaded: the tensors take about ";
        Assert.StartsWith($"Model file '{folder["model.zip"]}' {Fault}", model.Message, StringComparison.Ordinal);
        Assert.StartsWith($"Checkpoint '{folder["run.checkpoint"]}' {Fault}", checkpoint.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModelThatCanBeReadAndNotBeRunIsRefusedToo()
    {
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, TinyTraining.Options());
        using var memory = new PlayedMemory(1 << 10);

        var e = Assert.Throws<MemoryLimitException>(() => model.Generate("order"));

        Assert.Contains("the model, made ready to run, takes about", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    private void CheckEstimate(string what, Func<IProgress<TrainingProgress>, IDisposable> train)
    {
        Compare(what, () =>
        {
            using var memory = new PlayedMemory();
            long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
            var measure = new Callback<TrainingProgress>(_ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before));
            train(measure).Dispose();
            return (memory.Wanted.Max(), most);
        });
    }

    /// <summary>Measures up to three times: what tests before it left, as the arrays of a pool, may be collected meanwhile.</summary>
    private void Compare(string what, Func<(double Estimate, long Measured)> measure)
    {
        const double Mebibyte = 1 << 20, Least = 0.95, Most = 1.4;
        double ratio = 0;
        for (int i = 0; i < 3 && ratio is < Least or > Most; i++)
        {
            (double estimate, long measured) = measure();
            ratio = estimate / measured;
            output.WriteLine($"{what}: estimated {estimate / Mebibyte:F1} MiB, measured {measured / Mebibyte:F1} MiB, {ratio:F2}");
            Assert.True(estimate > 4 << 20, $"{estimate} bytes are too few to tell anything.");
        }

        Assert.InRange(ratio, Least, Most);
    }

    private sealed class Callback<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }

    /// <summary>Lines of 20 to 140 characters, of an alphabet of 80.</summary>
    private static string[] MakeLines()
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, 1000).Select(_ => string.Create(random.Next(20, 140), random, (line, random) =>
        {
            foreach (ref char character in line)
                character = (char)('+' + random.Next(80));
        }))];
    }
}
