using System.Numerics.Tensors;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RnnLm.Diagnostics;
using RnnLm.Modeling;
using RnnLm.SafeTensors;
using RnnLm.Text;

namespace RnnLm.ModelFiles;

/// <summary>Reads the two streams of a model file. They may come from anyone: sizes and contents are checked before they are
/// used.</summary>
internal static class SavedModelReader
{
    /// <summary>The newest format that is read. Its characters may be in any order; those of format 1 are in code point order.</summary>
    public const int FormatVersion = 2;

    public const string ConfigHashKey = "config_sha256";
    public const string ConfigKey = "config";
    public const string FilterName = "training_text.filter";

    private const int MaximumConfigLength = 64 << 20;

    /// <summary>Gets the name of this library and the version of its package. The version of the assembly stays the same between
    /// releases.</summary>
    public static string Producer { get; } = "RnnLm " + typeof(SavedModelReader).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Returns the oldest format that holds a vocabulary, which is the one that is written.</summary>
    public static int FormatOf(CharVocabulary vocabulary) => vocabulary.IsInCodePointOrder ? 1 : FormatVersion;

    /// <summary>Reads <c>config.json</c>, for <see cref="Read(byte[], Stream, long)"/>.</summary>
    /// <exception cref="FormatException">It is far too long.</exception>
    public static byte[] ReadConfig(Stream stream)
    {
        using var copy = new MemoryStream();
        byte[] block = new byte[1 << 14];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            if (copy.Length + read > MaximumConfigLength)
                throw new FormatException($"{SavedModel.ConfigName} is longer than the {MaximumConfigLength} bytes that are read.");
            copy.Write(block, 0, read);
        }

        return copy.ToArray();
    }

    /// <summary>Reads a model.</summary>
    /// <param name="config">What <see cref="ReadConfig"/> returned.</param>
    /// <param name="weights">The stream <c>model.safetensors</c>.</param>
    /// <param name="weightsLength">The length of <paramref name="weights"/> from here to its end.</param>
    /// <exception cref="FormatException">The model is damaged, or of a newer format.</exception>
    public static SavedModel Read(byte[] config, Stream weights, long weightsLength)
    {
        using var reader = new SafeTensorsReader(weights, weightsLength);
        if (!reader.HasChecksum || !reader.Metadata.TryGetValue(ConfigHashKey, out string? hash))
            throw new FormatException($"{SavedModel.WeightsName} has no checksum among its metadata. It was not written as part of a model "
                + "file.");
        // First the version: what a newer one promises of its parts is not known.
        ModelDocument document = Parse(config);
        if (hash != Convert.ToHexStringLower(SHA256.HashData(config)))
            throw new FormatException($"{SavedModel.ConfigName} is not the one that {SavedModel.WeightsName} was written with: one of them "
                + "was damaged or replaced.");
        return Read(document, reader, name => name);
    }

    /// <summary>Reads a model whose weights may come from another program.</summary>
    /// <param name="config">The contents of <c>config.json</c>.</param>
    /// <param name="reader">The weights, of which only the header was read so far.</param>
    /// <param name="rename">Turns a tensor's name in the file into that of the model; null leaves it out.</param>
    /// <param name="leaveOut">Says how a module of the file is left out; null where that can't be asked for.</param>
    /// <exception cref="FormatException">Configuration and weights are damaged, or do not fit each other; the message lists all tensors
    /// that differ.</exception>
    public static SavedModel Read(
        byte[] config, SafeTensorsReader reader, Func<string, string?> rename, Func<string, string>? leaveOut = null) =>
        Read(Parse(config), reader, rename, leaveOut);

    /// <summary>Reads a model whose weights come from another kind of file.</summary>
    /// <param name="config">The contents of <c>config.json</c>.</param>
    /// <param name="readWeights">Reads the weights of the network.</param>
    /// <exception cref="FormatException">Configuration and weights are damaged, or do not fit each other.</exception>
    public static SavedModel Read(byte[] config, Func<ModelConfig, ModelWeights> readWeights)
    {
        ModelDocument document = Parse(config);
        CharVocabulary vocabulary = Check(document);
        return Assemble(document, vocabulary, readWeights(document.Model.ToConfig()));
    }

    private static SavedModel Read(
        ModelDocument document, SafeTensorsReader reader, Func<string, string?> rename, Func<string, string>? leaveOut = null)
    {
        CharVocabulary vocabulary = Check(document);
        ModelWeights weights = ReadWeights(reader, document.Model.ToConfig(), rename, leaveOut, out byte[]? filter);
        TrainingTextFilter? trainingText = filter is null ? null : ReadFilter(filter, document);
        if (trainingText is not null)
            trainingText.KeepsLineEnds = new LineEnds(vocabulary).AreKept;
        return Assemble(document, vocabulary, weights) with { TrainingText = trainingText };
    }

    private static SavedModel Assemble(ModelDocument document, CharVocabulary vocabulary, ModelWeights weights) => new()
    {
        Config = document.Model.ToConfig(),
        Dropout = document.Model.ToDropout(),
        Weights = weights,
        Vocabulary = vocabulary,
        DataMode = document.DataMode,
        RowSeparator = document.RowSeparator ?? "\n",
        MaxRowLength = document.MaximumRowLength ?? new DataOptions().MaxRowLength,
        Conditions = document.Conditions,
        ConditionCounts = document.ConditionCounts ?? [],
        Classes = document.Classes,
        Columns = document.Columns,
        Metadata = document.Metadata,
        Sampling = document.Sampling,
        Training = document.Training,
        Calibration = document.Calibration?.Read(document.Conditions.Count),
    };

    private static ModelDocument Parse(byte[] json)
    {
        try
        {
            int version = JsonSerializer.Deserialize(json, ModelDocumentJson.Strict.ModelDocumentVersion)?.FormatVersion ?? 0;
            if (version > FormatVersion)
                throw new FormatException($"it was written by format version {version}; this version of RnnLm reads up to {FormatVersion}. "
                    + "Update RnnLm");
            if (version < 1)
                throw new FormatException($"{SavedModel.ConfigName} gives its format version as {version}.");
            return JsonSerializer.Deserialize(json, ModelDocumentJson.Strict.ModelDocument)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            string place = e is JsonException { LineNumber: long line } ? $" at line {line + 1}" : "";
            throw new FormatException($"{SavedModel.ConfigName} is not what it should be{place}: {e.Message}", e);
        }
    }

    private static CharVocabulary Check(ModelDocument document)
    {
        var faults = new OptionFaults();
        NetworkDocument model = document.Model;
        model.Check(faults);
        document.Sampling.Check(faults);
        faults.InRange(document.MaximumRowLength ?? 1, 1, 1 << 20, nameof(document.MaximumRowLength));
        faults.Require(document.Conditions.Count == model.Conditions, nameof(model.Conditions),
            $"is {model.Conditions}, but {document.Conditions.Count} are named");
        IReadOnlyList<long> counts = document.ConditionCounts ?? [];
        faults.Require(counts.Count == 0
            || (counts.Count == model.Conditions && counts.All(count => count >= 0) && counts.Sum(count => (double)count) < long.MaxValue),
            nameof(document.ConditionCounts), $"must be {model.Conditions} numbers of at least 0");
        faults.Require(document.Classes.Count == model.Classes, nameof(model.Classes),
            $"is {model.Classes}, but {document.Classes.Count} are named");
        IEnumerable<object?> listed = [.. document.Conditions, .. document.Classes, .. document.Columns.Values, .. document.Metadata.Values,
            .. document.Sampling.StopStrings, .. document.Training?.History ?? []];
        bool complete = listed.All(item => item is not null);
        faults.Require(complete, SavedModel.ConfigName, "has null in a list");
        Rune[] characters = [.. document.Vocabulary.Characters.EnumerateRunes()];
        bool distinct = characters.Length > 0 && new HashSet<Rune>(characters).Count == characters.Length;
        faults.Require(distinct, nameof(document.Vocabulary), "has no characters, or has one twice");
        CharVocabulary? vocabulary = distinct
            ? CharVocabulary.InOrder(characters, document.Vocabulary.UnknownCharacters, document.Vocabulary.StartAndEnd)
            : null;
        faults.Require(vocabulary is null || document.FormatVersion >= FormatOf(vocabulary), nameof(document.Vocabulary),
            $"has characters that are not in the order of their code points, as those of format {document.FormatVersion} are");
        faults.Require(vocabulary is null || vocabulary.Size == model.VocabularySize, nameof(model.VocabularySize),
            $"is {model.VocabularySize}, but the vocabulary has {vocabulary?.Size}");
        string found = faults.Describe(new KeyWords());
        return found.Length == 0 ? vocabulary! : throw new FormatException($"{SavedModel.ConfigName} is inconsistent: {found}.");
    }

    private static ModelWeights ReadWeights(SafeTensorsReader reader, ModelConfig config, Func<string, string?> rename,
        Func<string, string>? leaveOut, out byte[]? filter)
    {
        // Shapes are compared before anything is allocated.
        string[] differences = [.. Differences(reader, [.. ModelWeights.Layout(config)], rename, leaveOut)];
        if (differences.Length > 0)
            throw new FormatException($"its tensors are not those of the model in {SavedModel.ConfigName}: "
                + $"{string.Join("; ", differences)}.");

        var weights = new ModelWeights(config);
        filter = null;
        foreach (TensorInfo tensor in reader.Tensors)
        {
            if (tensor.Name == FilterName)
            {
                filter = reader.ReadBytes(tensor);
                continue;
            }

            if (rename(tensor.Name) is { } name)
                reader.Read(tensor, weights[name].Values);
            else
                reader.Skip(tensor);
        }

        reader.Complete();
        foreach (WeightTensor tensor in weights)
        {
            if (!TensorPrimitives.IsFiniteAll<float>(tensor.Values))
                throw new FormatException($"{SavedModel.WeightsName} holds NaN or infinity in '{tensor.Name}', so the model can't work.");
        }

        return weights;
    }

    /// <summary>Says of each tensor what is not as the model has it.</summary>
    private static IEnumerable<string> Differences(SafeTensorsReader reader, (string Name, int[] Shape)[] layout,
        Func<string, string?> rename, Func<string, string>? leaveOut)
    {
        ILookup<string, TensorInfo> found = reader.Tensors.Where(tensor => tensor.Name != FilterName && rename(tensor.Name) is not null)
            .ToLookup(tensor => rename(tensor.Name)!, StringComparer.Ordinal);
        foreach ((string name, int[] shape) in layout)
        {
            TensorInfo[] tensors = [.. found[name]];
            if (tensors.Length == 0)
                yield return $"'{name}' of shape {Text(shape)} is missing";
            if (tensors.Length > 1)
                yield return $"{string.Join(" and ", tensors.Select(tensor => $"'{tensor.Name}'"))} stand for one tensor, '{name}'";
            foreach (TensorInfo tensor in tensors)
            {
                if (!shape.AsSpan().SequenceEqual(tensor.Shape))
                    yield return $"'{tensor.Name}' is of shape {Text(tensor.Shape)}, not {Text(shape)}";
                else if (tensor.DataType == "U8")
                    yield return $"'{tensor.Name}' is of type {tensor.DataType}, which holds no weights";
            }
        }

        var names = layout.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var modules = names.Select(ModuleNames.Of).ToHashSet(StringComparer.Ordinal);
        foreach (TensorInfo tensor in found.Where(tensors => !names.Contains(tensors.Key)).SelectMany(tensors => tensors))
        {
            string module = ModuleNames.Of(tensor.Name);
            yield return $"'{tensor.Name}' of shape {Text(tensor.Shape)} has no place in it"
                + (leaveOut is not null && module.Length > 0 && !modules.Contains(ModuleNames.Of(rename(tensor.Name)!))
                    ? $" ({leaveOut(module)} leaves it out)" : "");
        }

        static string Text(int[] shape) => $"[{string.Join(", ", shape)}]";
    }

    private static TrainingTextFilter ReadFilter(byte[] bytes, ModelDocument document)
    {
        try
        {
            if (document.Model.Task != ModelTask.LanguageModel)
                throw new FormatException("a classifier has none");
            var filter = TrainingTextFilter.FromBytes(bytes);
            bool knowsWindows = filter.WindowLength > 0;
            return knowsWindows == (document.DataMode == DataMode.Stream)
                ? filter
                : throw new FormatException($"it knows {(knowsWindows ? "windows of a running text" : "whole rows")}, but "
                + $"{SavedModel.ConfigName} gives the data mode as {document.DataMode}");
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{FilterName}' in {SavedModel.WeightsName} can't be used: {e.Message}", e);
        }
    }
}
