// Written by 'rnnlm codegen' (RnnLm 0.1.0) from kinds.rnnlm.json. It is yours to change.
// Package: RnnLm.MLNet 0.1.0.
#nullable enable

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet;

namespace RnnLm.MLNet.Tests.Generated;

public partial class Kinds
{
    /// <summary>What the model reads.</summary>
    public class ModelInput
    {
        /// <summary>Gets or sets the text to learn, and the prompt to continue.</summary>
        [LoadColumn(1)]
        public string Text { get; set; } = "";

        /// <summary>Gets or sets what steers the text.</summary>
        [LoadColumn(2)]
        public string Condition { get; set; } = "";
    }

    /// <summary>What the model writes.</summary>
    public class ModelOutput
    {
        /// <summary>Gets or sets the continuation.</summary>
        public string Continuation { get; set; } = "";
    }

    private static readonly ConcurrentDictionary<string, Lazy<PredictionEngine<ModelInput, ModelOutput>>> PredictEngines =
        new(StringComparer.Ordinal);

    /// <summary>Gets or sets the model's zip that is used where no other is named. The default is the one beside the program.</summary>
    public static string ModelPath { get; set; } = Path.Combine(AppContext.BaseDirectory, "kinds.zip");

    /// <summary>
    /// Continues a text. It may be called from several threads, which then wait for each other; a server keeps a pool of engines.
    /// </summary>
    /// <param name="input">The text.</param>
    /// <param name="modelPath">The model's zip, which is loaded at the first call; null for <see cref="ModelPath"/>.</param>
    public static ModelOutput Predict(ModelInput input, string? modelPath = null)
    {
        Lazy<PredictionEngine<ModelInput, ModelOutput>> engine = PredictEngine(modelPath);
        lock (engine)
            return engine.Value.Predict(input);
    }

    /// <summary>Loads a model for one thread.</summary>
    /// <param name="modelPath">The model's zip.</param>
    /// <param name="gpuDeviceId">The number of the GPU to run on; null for the CPU.</param>
    public static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine(string modelPath, int? gpuDeviceId = null)
    {
        var mlContext = new MLContext { GpuDeviceId = gpuDeviceId, FallbackToCpu = true };
        ITransformer model = mlContext.Model.Load(modelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
    }

    /// <summary>Finds the language model in a loaded model: for streams of text, sessions and scores.</summary>
    public static RnnLanguageModelTransformer FindLanguageModel(ITransformer model) =>
        model as RnnLanguageModelTransformer ?? ((IEnumerable<ITransformer>)model).OfType<RnnLanguageModelTransformer>().Single();

    private static Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine(string? modelPath) => PredictEngines.GetOrAdd(
        Path.GetFullPath(modelPath ?? ModelPath), path => new(() => CreatePredictEngine(path), LazyThreadSafetyMode.PublicationOnly));
}
