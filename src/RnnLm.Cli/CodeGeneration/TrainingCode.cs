using System.Text;

namespace RnnLm.Cli;

/// <summary>Writes <c>NAME.training.cs</c>: all that makes the model again.</summary>
internal static class TrainingCode
{
    public static string Write(GeneratedModel model)
    {
        bool validates = model.Validation.Count > 0;
        string validation = validates ? "IDataView validationData, " : "";
        var code = new StringBuilder(Head(model)).Append($$"""

            public partial class {{model.Name}}
            {
                /// <summary>The data to train on where no others are named: files, from the working directory{{(model.IsTable ? "" : ", or folders with *.txt")}}.</summary>
                public static readonly IReadOnlyList<string> RetrainFilePaths = {{CSharp.Literal(model.Files)}};

            {{Member(validates, $"""
                    /// <summary>The data that the loss is watched on.</summary>
                    public static readonly IReadOnlyList<string> ValidationFilePaths = {CSharp.Literal(model.Validation)};

                """)}}{{Member(model.Previous is not null, $"""
                    /// <summary>Gets or sets the zip of the language model that training starts from.</summary>
                    public static string PreviousModelPath {"{ get; set; }"} = {CSharp.Literal(model.Previous)};

                """)}}    /// <summary>The device to train on where no other is named: auto, cpu, cuda, cuda:N or mps.</summary>
                public const string RetrainDevice = {{CSharp.Literal(model.Config.Options.Device.Device ?? "auto")}};

                /// <summary>Trains a model and saves it.</summary>
                /// <param name="outputModelPath">The zip to write.</param>
                /// <param name="inputDataFilePaths">The data; null for <see cref="RetrainFilePaths"/>.</param>
                /// <param name="device">The device to train on.</param>
                /// <param name="progress">Who is told how training goes on; null for nobody.</param>
                /// <param name="cancellationToken">Stops training, and keeps the best weights so far.</param>
                public static void Train(
                    string outputModelPath, IEnumerable<string>? inputDataFilePaths = null, string device = RetrainDevice,
                    IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
                {
                    var mlContext = new MLContext();
                    IDataView data = LoadIDataViewFromFile(mlContext, inputDataFilePaths ?? RetrainFilePaths);
            {{Member(validates, """
                        IDataView validationData = LoadIDataViewFromFile(mlContext, ValidationFilePaths);
                """)}}        using {{model.Kind}}Transformer model = RetrainModel(mlContext, data, {{(validates ? "validationData, " : "")}}device, progress, cancellationToken);
                    SaveModel(mlContext, model, data, outputModelPath);
                }

            {{Load(model)}}

                /// <summary>Saves a model. A file that is there already is replaced when the new one is whole.</summary>
                public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath)
                {
                    string beside = modelSavePath + ".new";
                    mlContext.Model.Save(model, data.Schema, beside);
                    File.Move(beside, modelSavePath, overwrite: true);
                }

                /// <summary>Trains a model on data of yours.</summary>
                /// <returns>The model, to be disposed.</returns>
                public static {{model.Kind}}Transformer RetrainModel(
                    MLContext mlContext, IDataView trainData, {{validation}}string device = RetrainDevice,
                    IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
                {
            {{Fit(model)}}
                }

                /// <summary>Makes the estimator with all options that make the model; those that are not named are at their defaults.</summary>
                public static {{model.Kind}}Trainer BuildPipeline(
                    MLContext mlContext, string device = RetrainDevice, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
                    mlContext.{{(model.Config.Classifies ? "MulticlassClassification.Trainers" : "Transforms.Text")}}.{{model.Kind}}(new {{model.Kind}}Trainer.Options
                    {
                        {{string.Join("\n            ", Options(model))}}
                    });
            }

            """.ReplaceLineEndings("\n"));
        return code.ToString();
    }

    /// <summary>Returns the beginning of a file.</summary>
    public static string Head(GeneratedModel model) => $$"""
        // Written by 'rnnlm codegen' ({{SavedModelReader.Producer}}) from {{model.Source}}. It is yours to change.
        // Packages: {{string.Join(", ", ProjectCode.Packages(model).Select(package => $"{package.Name} {package.Version}"))}}.
        #nullable enable

        using System;
        using System.Collections.Concurrent;
        using System.Collections.Generic;
        using System.Globalization;
        using System.IO;
        using System.Linq;
        using System.Text;
        using System.Threading;{{(model.IsTable ? "\nusing CsvHelper;\nusing CsvHelper.Configuration;" : "")}}
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using RnnLm;
        using RnnLm.MLNet;

        namespace {{model.Namespace}};

        """.ReplaceLineEndings("\n");

    private static string Member(bool there, string code) => there ? code.ReplaceLineEndings("\n") + "\n" : "";

    private static IEnumerable<string> Options(GeneratedModel model)
    {
        LanguageModelOptions options = model.Config.Options;
        yield return model.Config.Classifies ? "TextColumnName = nameof(ModelInput.Text)," : "InputColumnName = nameof(ModelInput.Text),";
        yield return model.Config.Classifies ? "ScoreColumnName = nameof(ModelOutput.Score)," : "OutputColumnName = nameof(ModelOutput.Continuation),";
        if (model.HasTarget)
            yield return "TargetColumnName = nameof(ModelInput.Target),";
        if (model.Category is { } category)
            yield return $"{category}ColumnName = nameof(ModelInput.{category}),";
        foreach ((string name, object group) in new (string, object)[]
                 {
                     (nameof(options.Data), options.Data), (nameof(options.Vocabulary), options.Vocabulary), (nameof(options.Model), options.Model),
                     (nameof(options.Optimizer), options.Optimizer), (nameof(options.Training), options.Training), (nameof(options.Device), options.Device),
                     model.Config.Classifies ? ("Classifier", model.Config.Classifier) : (nameof(options.Sampling), options.Sampling),
                 })
        {
            string[] given = group switch
            {
                TrainingOptions => ["Progress = progress", "CancellationToken = cancellationToken"],
                DeviceOptions => ["Device = device"],
                _ => [],
            };
            string[] assignments = [.. CSharp.Assignments(group), .. given];
            if (assignments.Length > 0)
                yield return $"{name} = {{ {string.Join(", ", assignments)} }},";
        }
    }

    private static string Load(GeneratedModel model) => (model.IsTable ? LoadTable(model) : LoadText(model)).ReplaceLineEndings("\n");

    private static string LoadTable(GeneratedModel model)
    {
        SourceOptions source = model.Config.Source;
        (string Name, int? Index)[] columns = [("Text", model.TextIndex), ("Target", model.HasTarget ? model.TargetIndex : null), (model.Category ?? "", model.CategoryIndex)];
        return $$"""
            {{DataEncoding(source)}}

                /// <summary>Reads tables, row by row as training asks for them.</summary>
                public static IDataView LoadIDataViewFromFile(
                    MLContext mlContext, IEnumerable<string> inputDataFilePaths, char separatorChar = {{CSharp.Literal(source.SeparatorOf(source.Files[0]))}}, bool hasHeader = {{CSharp.Literal(source.Header)}}, bool allowQuoting = {{CSharp.Literal(source.Quotes)}}) =>
                    mlContext.Data.LoadFromEnumerable(inputDataFilePaths.SelectMany(file => ReadRows(file, separatorChar, hasHeader, allowQuoting)));

                // ML.NET's own loader would leave out the spaces before a text, and lines that begin with //.
                private static IEnumerable<ModelInput> ReadRows(string file, char separatorChar, bool hasHeader, bool allowQuoting)
                {
                    using var reader = new StreamReader(file, DataEncoding);
                    using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
                    {
                        Delimiter = separatorChar.ToString(),
                        Mode = allowQuoting ? CsvMode.RFC4180 : CsvMode.NoEscape,
                        BadDataFound = null,
                    });
                    if (hasHeader)
                        parser.Read();
                    while (parser.Read())
                        yield return new ModelInput { {{string.Join(", ", columns.Where(c => c.Index is not null).Select(c => $"{c.Name} = parser[{c.Index}]"))}} };
                }
            """;
    }

    private static string LoadText(GeneratedModel model)
    {
        bool stream = model.Config.Options.Data.Mode == DataMode.Stream;
        return $$"""
            {{DataEncoding(model.Config.Source)}}

                /// <summary>Reads text files, piece by piece as training asks for it.</summary>
                public static IDataView LoadIDataViewFromFile(MLContext mlContext, IEnumerable<string> inputDataFilePaths)
                {
                    string[] files = [.. inputDataFilePaths.SelectMany(path => Directory.Exists(path)
                        ? Directory.EnumerateFiles(path, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                        : (IEnumerable<string>)[path])];
                    return mlContext.Data.LoadFromEnumerable({{(stream ? "ReadBlocks(files)" : "files.SelectMany(file => File.ReadLines(file, DataEncoding)).Where(line => line.Length > 0).Select(ReadLine)")}});
                }

            {{(stream ? Blocks : Line(model))}}
            """;
    }

    private static string DataEncoding(SourceOptions source)
    {
        // Those of old code pages are not known to every program.
        string encoding = source.Encoding is { } name ? $"CodePagesEncodingProvider.Instance.GetEncoding({CSharp.Literal(name)}) ?? Encoding.GetEncoding({CSharp.Literal(name)})" : "Encoding.UTF8";
        return $"""
                // A byte order mark in a file counts more.
                private static readonly Encoding DataEncoding = {encoding};
            """.ReplaceLineEndings("\n");
    }

    // As the command line tool reads a running text: all that is there, nothing between the pieces, and each file on a line of its own.
    private const string Blocks = """
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
        """;

    private static string Line(GeneratedModel model)
    {
        string[] parts = [.. model.Category is { } category ? (string[])[category] : [], "Text", .. model.HasTarget ? (string[])["Target"] : []];
        if (parts.Length == 1)
            return """
                    private static ModelInput ReadLine(string line) => new() { Text = line };
                """;
        string wanted = string.Join(", a tab, ", parts.Select(part => part.ToLowerInvariant()));
        return $$"""
                private static ModelInput ReadLine(string line)
                {
                    string[] parts = line.Split('\t', {{parts.Length}});
                    if (parts.Length < {{parts.Length}})
                        throw new FormatException($"There should be {{wanted}} in the line '{line}'.");
                    return new() { {{string.Join(", ", parts.Select((part, i) => $"{part} = parts[{i}]"))}} };
                }
            """;
    }

    private static string Fit(GeneratedModel model)
    {
        string validation = model.Validation.Count > 0 ? "validationData" : "null";
        if (model.Previous is null)
            return $"        return BuildPipeline(mlContext, device, progress, cancellationToken).Fit(trainData{(validation == "null" ? "" : ", validationData")});";
        return $"""
                    ITransformer loaded = mlContext.Model.Load(PreviousModelPath, out _);
                    using RnnLanguageModelTransformer previous = loaded as RnnLanguageModelTransformer ?? ((IEnumerable<ITransformer>)loaded).OfType<RnnLanguageModelTransformer>().Single();
                    return BuildPipeline(mlContext, device, progress, cancellationToken).Fit(trainData, {validation}, previous);
            """.ReplaceLineEndings("\n");
    }
}
