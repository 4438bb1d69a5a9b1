// Written by 'rnnlm codegen' (RnnLm 0.1.0) from countries-again.rnnlm.json. It is yours to change.
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

public partial class CountriesAgain
{
    /// <summary>What the model reads.</summary>
    public class ModelInput
    {
        /// <summary>Gets or sets the text.</summary>
        [LoadColumn(0)]
        public string Text { get; set; } = "";

        /// <summary>Gets or sets the label of the text; read in training only.</summary>
        [LoadColumn(1)]
        public string Label { get; set; } = "";
    }

    /// <summary>What the model writes.</summary>
    public class ModelOutput
    {
        /// <summary>Gets or sets the number of the most likely label, from 1; <see cref="PredictAllLabels"/> gives its name.</summary>
        public uint PredictedLabel { get; set; }

        /// <summary>Gets or sets the probability of each label.</summary>
        public float[] Score { get; set; } = [];
    }

    private static readonly ConcurrentDictionary<string, Lazy<PredictionEngine<ModelInput, ModelOutput>>> PredictEngines =
        new(StringComparer.Ordinal);

    /// <summary>Gets or sets the model's zip that is used where no other is named. The default is the one beside the program.</summary>
    public static string ModelPath { get; set; } = Path.Combine(AppContext.BaseDirectory, "countries-again.zip");

    /// <summary>
    /// Predicts the label of a text. It may be called from several threads, which then wait for each other; a server keeps a pool of
    /// engines.
    /// </summary>
    /// <param name="input">The text.</param>
    /// <param name="modelPath">The model's zip, which is loaded at the first call; null for <see cref="ModelPath"/>.</param>
    public static ModelOutput Predict(ModelInput input, string? modelPath = null)
    {
        Lazy<PredictionEngine<ModelInput, ModelOutput>> engine = PredictEngine(modelPath);
        lock (engine)
            return engine.Value.Predict(input);
    }

    /// <summary>Predicts the probability of each label of a text, the most likely first.</summary>
    /// <param name="input">The text.</param>
    /// <param name="modelPath">The model's zip, which is loaded at the first call; null for <see cref="ModelPath"/>.</param>
    public static IReadOnlyList<KeyValuePair<string, float>> PredictAllLabels(ModelInput input, string? modelPath = null)
    {
        Lazy<PredictionEngine<ModelInput, ModelOutput>> engine = PredictEngine(modelPath);
        lock (engine)
            return NameScores(engine.Value.OutputSchema, engine.Value.Predict(input).Score);
    }

    /// <summary>Pairs the names of the labels with their probabilities, the most likely first.</summary>
    public static IReadOnlyList<KeyValuePair<string, float>> NameScores(DataViewSchema schema, float[] score)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema[nameof(ModelOutput.Score)].GetSlotNames(ref names);
        return [.. names.DenseValues().Zip(score, (name, probability) => KeyValuePair.Create(name.ToString(), probability))
            .OrderByDescending(label => label.Value)];
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

    /// <summary>Finds the classifier in a loaded model.</summary>
    public static RnnTextClassificationTransformer FindClassifier(ITransformer model) =>
        model as RnnTextClassificationTransformer ?? ((IEnumerable<ITransformer>)model).OfType<RnnTextClassificationTransformer>().Single();

    private static Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine(string? modelPath) => PredictEngines.GetOrAdd(
        Path.GetFullPath(modelPath ?? ModelPath), path => new(() => CreatePredictEngine(path), LazyThreadSafetyMode.PublicationOnly));
}
