// Written by 'rnnlm codegen' (RnnLm 0.1.0) from song-again.rnnlm.json. It is yours to change.
// Packages: RnnLm.MLNet 0.1.0.
#nullable enable

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.ML;
using RnnLm;
using RnnLm.MLNet;

namespace RnnLm.MLNet.Tests.Generated;

public partial class SongAgain
{
    /// <summary>The files to train on where no others are named, or folders with *.txt, relative to the working directory.</summary>
    public static readonly IReadOnlyList<string> RetrainFilePaths = ["song.txt"];

    /// <summary>The files to validate on.</summary>
    public static readonly IReadOnlyList<string> ValidationFilePaths = ["more.txt"];

    /// <summary>Gets or sets the zip of the model that training starts from.</summary>
    public static string PreviousModelPath { get; set; } = "song.zip";

    /// <summary>The device to train on where no other is named: auto, cpu, cuda, cuda:N or mps.</summary>
    public const string RetrainDevice = "auto";

    /// <summary>Trains a model and saves it.</summary>
    /// <param name="outputModelPath">The zip to write.</param>
    /// <param name="inputDataFilePaths">The files; null for <see cref="RetrainFilePaths"/>.</param>
    /// <param name="device">The device to train on.</param>
    /// <param name="progress">Receives the progress of the training; null for none.</param>
    /// <param name="cancellationToken">Stops training and keeps the best weights so far.</param>
    public static void Train(
        string outputModelPath, IEnumerable<string>? inputDataFilePaths = null, string device = RetrainDevice,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string[] files = [.. inputDataFilePaths ?? RetrainFilePaths];
        if (files.Any(file => RealPath(file) == RealPath(outputModelPath)))
            throw new ArgumentException($"'{outputModelPath}' is training data and is never written over. Name another file for the model.", nameof(outputModelPath));
        var mlContext = new MLContext();
        IDataView data = LoadIDataViewFromFile(mlContext, files);
        IDataView validationData = LoadIDataViewFromFile(mlContext, ValidationFilePaths);
        using RnnLanguageModelTransformer model = RetrainModel(mlContext, data, validationData, device, progress, cancellationToken);
        SaveModel(mlContext, model, data, outputModelPath);
    }

    // A byte order mark in a file overrides it. Bytes that are not text are an error.
    private static readonly Encoding DataEncoding =
        CodePagesEncodingProvider.Instance.GetEncoding("windows-1252", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
        ?? Encoding.GetEncoding("windows-1252", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    /// <summary>Reads text files, piece by piece as training asks for it.</summary>
    public static IDataView LoadIDataViewFromFile(MLContext mlContext, IEnumerable<string> inputDataFilePaths)
    {
        string[] files = [.. inputDataFilePaths.SelectMany(path => Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
            : (IEnumerable<string>)[path])];
        return mlContext.Data.LoadFromEnumerable(ReadBlocks(files));
    }

    private static IEnumerable<ModelInput> ReadBlocks(string[] files)
    {
        var block = new char[1 << 16];
        char last = '\n';
        foreach (string file in files)
        {
            if (last != '\n')
                yield return new ModelInput { Text = "\n" };
            using var reader = new StreamReader(file, DataEncoding);
            int held = 0;
            for (int read; (read = reader.ReadBlock(block, held, block.Length - held)) > 0;)
            {
                // The halves of a surrogate pair stay together.
                int length = held + read;
                held = char.IsHighSurrogate(block[length - 1]) ? 1 : 0;
                last = block[length - 1];
                yield return new ModelInput { Text = new string(block, 0, length - held) };
                block[0] = last;
            }
        }
    }

    private static string RealPath(string path) => (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(path);

    /// <summary>Saves a model. An existing file is replaced only once the new one is complete.</summary>
    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath)
    {
        string beside = modelSavePath + ".rnnlm.tmp";
        mlContext.Model.Save(model, data.Schema, beside);
        File.Move(beside, modelSavePath, overwrite: true);
    }

    /// <summary>Trains a model on your own data.</summary>
    /// <returns>The model, to be disposed.</returns>
    public static RnnLanguageModelTransformer RetrainModel(
        MLContext mlContext, IDataView trainData, IDataView validationData, string device = RetrainDevice,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ITransformer loaded = mlContext.Model.Load(PreviousModelPath, out _);
        using RnnLanguageModelTransformer previous = loaded as RnnLanguageModelTransformer
            ?? ((IEnumerable<ITransformer>)loaded).OfType<RnnLanguageModelTransformer>().Single();
        return BuildPipeline(mlContext, device, progress, cancellationToken).Fit(trainData, validationData, previous);
    }

    /// <summary>Creates the trainer with the options of the model. Options that are not named have their defaults.</summary>
    public static RnnLanguageModelTrainer BuildPipeline(
        MLContext mlContext, string device = RetrainDevice,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        mlContext.Transforms.Text.RnnLanguageModel(new RnnLanguageModelTrainer.Options
        {
            InputColumnName = nameof(ModelInput.Text),
            OutputColumnName = nameof(ModelOutput.Continuation),
            Data = { SequenceLength = 16, RowSeparator = "", BatchSize = 4 },
            Training = { Epochs = 0, MaxSteps = 12, Seed = 8, Progress = progress, CancellationToken = cancellationToken },
            Device = { Engine = EngineKind.Managed, Threads = 1, Device = device },
            Sampling = { Temperature = 0, MaxLength = 40, NumSamples = 2 },
        });
}
