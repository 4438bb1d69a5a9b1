// Written by 'rnnlm codegen' (RnnLm 0.1.0) from countries-again.rnnlm.json. It is yours to change.
// Packages: RnnLm.MLNet 0.1.0, CsvHelper 33.1.0.
#nullable enable

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.ML;
using RnnLm;
using RnnLm.MLNet;

namespace RnnLm.MLNet.Tests.Generated;

public partial class CountriesAgain
{
    /// <summary>The files to train on where no others are named, relative to the working directory.</summary>
    public static readonly IReadOnlyList<string> RetrainFilePaths = ["more.csv"];

    /// <summary>Gets or sets the zip of the model that training starts from.</summary>
    public static string PreviousModelPath { get; set; } = "countries.zip";

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
        using RnnTextClassificationTransformer model = RetrainModel(mlContext, data, device, progress, cancellationToken);
        SaveModel(mlContext, model, data, outputModelPath);
    }

    // A byte order mark in a file overrides it. Bytes that are not text are an error.
    private static readonly Encoding DataEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads tables, row by row as training asks for them.</summary>
    public static IDataView LoadIDataViewFromFile(
        MLContext mlContext, IEnumerable<string> inputDataFilePaths,
        char separatorChar = ',', bool hasHeader = true, bool allowQuoting = true) =>
        mlContext.Data.LoadFromEnumerable(inputDataFilePaths.SelectMany(file => ReadRows(file, separatorChar, hasHeader, allowQuoting)));

    // ML.NET's text loader would skip spaces before a text and lines that begin with //, and read on over a quote that is not closed.
    private static IEnumerable<ModelInput> ReadRows(string file, char separatorChar, bool hasHeader, bool allowQuoting)
    {
        bool isBad = false;
        int loose = 0, columns = 0;
        using var reader = new StreamReader(file, DataEncoding);
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separatorChar.ToString(),
            Mode = allowQuoting ? CsvMode.RFC4180 : CsvMode.NoEscape,
            IgnoreBlankLines = false,
            MaxFieldSize = 1 << 24,
            // A quote in a field that does not begin with one stands for itself.
            BadDataFound = bad =>
            {
                isBad |= bad.Field.StartsWith('"');
                loose += bad.Field.Count(c => c == '"');
            },
        });
        for (int line = 1; parser.Read(); line = parser.RawRow + 1)
        {
            string row = parser.RawRecord;
            var fields = new string[parser.Count];
            int lineOfField = line;
            loose = 0;
            for (int i = 0; i < fields.Length; i++)
            {
                fields[i] = parser[i];
                // Where the file ends within a field, the quotes that do not stand for themselves are odd in number.
                if (isBad || (allowQuoting && i == fields.Length - 1 && row.EndsWith('"') && (row.Count(c => c == '"') - loose) % 2 != 0))
                {
                    throw new FormatException($"'{file}', line {lineOfField}: a double quote opens a field here, "
                        + "and none closes it before a separator or a line end.");
                }

                lineOfField += fields[i].Replace("\r\n", "\n").Count(c => c is '\r' or '\n');
            }

            if (row.Trim('\r', '\n').Length == 0)
                continue;
            if (columns > 0 && fields.Length != columns)
                throw new FormatException($"'{file}', line {line}: there are {fields.Length} fields, but the table has {columns} columns.");
            if (columns > 0 || !hasHeader)
                yield return new ModelInput { Text = fields[0], Label = fields[1] };
            columns = fields.Length;
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
    public static RnnTextClassificationTransformer RetrainModel(
        MLContext mlContext, IDataView trainData, string device = RetrainDevice,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ITransformer loaded = mlContext.Model.Load(PreviousModelPath, out _);
        // A classifier is trained further; a language model is what a new one starts from.
        ITransformer[] parts = loaded is IEnumerable<ITransformer> chain ? [.. chain] : [loaded];
        if (parts.OfType<RnnTextClassificationTransformer>().SingleOrDefault() is { } classifier)
        {
            using (classifier)
                return BuildPipeline(mlContext, device, progress, cancellationToken).Fit(trainData, classifier);
        }

        using RnnLanguageModelTransformer previous = parts.OfType<RnnLanguageModelTransformer>().Single();
        return BuildPipeline(mlContext, device, progress, cancellationToken).Fit(trainData, null, previous);
    }

    /// <summary>Creates the trainer with the options of the model. Options that are not named have their defaults.</summary>
    public static RnnTextClassificationTrainer BuildPipeline(
        MLContext mlContext, string device = RetrainDevice,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        mlContext.MulticlassClassification.Trainers.RnnTextClassification(new RnnTextClassificationTrainer.Options
        {
            TextColumnName = nameof(ModelInput.Text),
            ScoreColumnName = nameof(ModelOutput.Score),
            LabelColumnName = nameof(ModelInput.Label),
            Data = { BatchSize = 8 },
            Vocabulary = { Grow = true },
            Training = { Epochs = 6, Seed = 6, Progress = progress, CancellationToken = cancellationToken },
            Device = { Engine = EngineKind.Managed, Threads = 1, Device = device },
        });
}
