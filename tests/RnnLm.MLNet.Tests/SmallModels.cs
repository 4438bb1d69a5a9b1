using System.Collections.Concurrent;
using Microsoft.ML;
using RnnLm.Managed.Training;
using RnnLm.Runtime;
using RnnLm.Training;

namespace RnnLm.MLNet.Tests;

/// <summary>Data and models that are as small as the tests allow. A model is trained once and shared: tests that dispose one make their
/// own.</summary>
internal static class SmallModels
{
    private static readonly ConcurrentDictionary<EngineKind, Lazy<RnnLanguageModelTransformer>> Trained = new();

    private static readonly Lazy<string?> WhyNoTorchSharp = new(FindWhyNoTorchSharp);

    /// <summary>Gets the engines that a <c>[SkippableTheory]</c> runs on.</summary>
    public static TheoryData<EngineKind> Engines => [EngineKind.Managed, EngineKind.TorchSharp];

    public static string[] Messages { get; } =
        [.. File.ReadLines(RnnLm.Tests.TestData.InRepository("examples", "Quickstart", "Data", "messages.txt")).Take(120)];

    public static string[] Prompts { get; } = ["Hello", "", "My order", "Hello", "The ", "parcel", "I", "When will"];

    /// <summary>Options of a model that is trained in a fraction of a second. A test whose engine can't run here is skipped.</summary>
    public static RnnLanguageModelTrainer.Options Options(EngineKind engine = EngineKind.Managed)
    {
        Require(engine);
        return new()
        {
            Model = { HiddenSize = 24, EmbeddingSize = 8 },
            Data = { BatchSize = 8, SequenceLength = 32 },
            Optimizer = { LearningRate = 0.01 },
            Training = { Epochs = 0, MaxSteps = 40, Seed = 7 },
            Device = { Engine = engine, Threads = 2 },
            Sampling = { MaxLength = 20, Seed = 11 },
        };
    }

    /// <summary>Skips the test, a <c>[SkippableFact]</c> or <c>[SkippableTheory]</c>, where the engine can't run here, and says
    /// why.</summary>
    public static void Require(EngineKind engine) =>
        Skip.If(engine == EngineKind.TorchSharp && WhyNoTorchSharp.Value is not null, WhyNoTorchSharp.Value);

    public static IDataView View(MLContext ml, IEnumerable<string?> texts) =>
        ml.Data.LoadFromEnumerable([.. texts.Select(text => new TextInput { Text = text })]);

    public static RnnLanguageModelTransformer Train(MLContext ml, RnnLanguageModelTrainer.Options? options = null,
        IEnumerable<string?>? texts = null) =>
        ml.Transforms.Text.RnnLanguageModel(options ?? Options()).Fit(View(ml, texts ?? Messages));

    /// <summary>Returns a model of the engine, made anew from one that is shared, so that it may be disposed.</summary>
    public static RnnLanguageModelTransformer Model(EngineKind engine = EngineKind.Managed) =>
        Shared(engine).WithSampling(Options().Sampling);

    private static RnnLanguageModelTransformer Shared(EngineKind engine) =>
        Trained.GetOrAdd(engine, kind => new(() => Train(new MLContext(), Options(kind)))).Value;

    private static string? FindWhyNoTorchSharp()
    {
        try
        {
            EngineSelector.Default.ForInference(new DeviceOptions { Engine = EngineKind.TorchSharp, Device = "cpu" }, log: null);
            return null;
        }
        catch (InvalidOperationException fault)
        {
            return fault.Message;
        }
    }
}
