using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Modeling;

namespace RnnLm.Training;

/// <summary>
/// What the steps of a training depend on: the options that may not change when it goes on from a checkpoint, and its data. A checkpoint
/// keeps it as plain values, so that a message can say how another training differs.
/// </summary>
internal sealed class TrainingFingerprint
{
    private readonly List<(OptionId Name, Type Type, string? Value)> _values = [];

    /// <summary>Gets the values by their names: <c>Model.HiddenSize</c>, and <c>Text</c> for what is no option.</summary>
    public IReadOnlyDictionary<string, string?> Values =>
        _values.ToDictionary(value => value.Name.ToString(), value => value.Value, StringComparer.Ordinal);

    /// <summary>Makes the fingerprint of the options that all trainings have.</summary>
    /// <typeparam name="TModel">The options of the network that the kind of model has.</typeparam>
    /// <typeparam name="TData">The options of the data that it has.</typeparam>
    /// <typeparam name="TTraining">The options of the training that it has.</typeparam>
    public static TrainingFingerprint Of<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TModel,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TData,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TTraining>(
        TModel model, VocabularyOptions vocabulary, TData data, OptimizerOptions optimizer, TTraining training, DeviceOptions device)
        where TModel : ModelOptions
        where TData : DataOptions
        where TTraining : TrainingOptions =>
        new TrainingFingerprint().Add("Model", model).Add("Vocabulary", vocabulary).Add("Data", data)
            .Add("Optimizer", optimizer).Add("Training", training).Add("Device", device);

    /// <summary>Adds the options of a group that may not change.</summary>
    public TrainingFingerprint Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(string group, T options)
    {
        foreach (PropertyInfo option in typeof(T).GetProperties())
        {
            Type type = Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType;
            if (option.GetCustomAttribute<OnResumeAttribute>() is { MayChange: false })
                _values.Add((new(group, option.Name), type, Text(option.GetValue(options))));
        }

        return this;
    }

    /// <summary>Replaces an option's value by what it came to: the seed that was drawn, the engine that was chosen.</summary>
    public TrainingFingerprint Set(OptionId option, object value)
    {
        int place = _values.FindIndex(known => known.Name == option);
        _values[place] = _values[place] with { Value = Text(value) };
        return this;
    }

    /// <summary>Adds the data, and the model that the training begins with.</summary>
    /// <param name="corpus">The training data.</param>
    /// <param name="validation">The validation data, where they are not a part of the training data; else null.</param>
    /// <param name="names">What the names of <see cref="Corpus.ConditionNames"/> are: <c>Conditions</c> or <c>Labels</c>.</param>
    /// <param name="previous">The weights of the model that the training begins with, or null.</param>
    public TrainingFingerprint AddData(Corpus corpus, Corpus? validation, string names, ModelWeights? previous)
    {
        AddFact("Text", Describe(corpus));
        AddFact("Vocabulary", $"{corpus.Vocabulary.Size} tokens ({Hash(string.Concat(corpus.Vocabulary.Characters))})");
        IReadOnlyList<string> known = corpus.ConditionNames;
        AddFact(names, known.Count == 0 ? null : $"{known.Count} ({Hash(string.Join('\0', known))})");
        AddFact("ValidationText", validation is null ? null : Describe(validation));
        AddFact("PreviousModel", previous is null ? null : $"{Counted.Of(previous.ParameterCount, "weight")} ({Hash(previous)})");
        return this;
    }

    /// <summary>Returns how a training whose values are given differs from this one.</summary>
    public IReadOnlyList<CheckpointDifference> DifferencesFrom(IReadOnlyDictionary<string, string?> saved)
    {
        var differences = new List<CheckpointDifference>();
        foreach ((OptionId name, Type type, string? value) in _values)
        {
            bool known = saved.TryGetValue(name.ToString(), out string? before);
            if (!known || before != value)
                differences.Add(new CheckpointDifference(name, type, known, before, value));
        }

        return differences;
    }

    /// <summary>Adds what is no option, described so that other data have another description.</summary>
    private void AddFact(string name, string? value) => _values.Add((new("", name), typeof(string), value));

    private static string Describe(Corpus corpus) => $"{Counted.Of(corpus.Tokens.Count, "character")} ({corpus.Hash()})";

    /// <summary>Shortens a text to a few digits that tell it from others.</summary>
    private static string Hash(string text) => Digits(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Hash(ModelWeights weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (WeightTensor tensor in weights)
            hash.AppendData(MemoryMarshal.AsBytes<float>(tensor.Values));
        return Digits(hash.GetHashAndReset());
    }

    private static string Digits(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash[..4]);

    private static string? Text(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
}
