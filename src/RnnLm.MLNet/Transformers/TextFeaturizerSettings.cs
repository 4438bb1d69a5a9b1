using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using RnnLm.Modeling;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a featurizer in a pipeline, and which states it takes.</summary>
internal sealed record TextFeaturizerSettings(string Input, string Output, string? Condition, Pooling Pooling, bool AllLayers)
{
    private const string PoolingKey = "features.pooling", AllLayersKey = "features.all_layers";

    public InputColumnNames ToRead => new(InputColumn.Text(Input))
    {
        Condition = Condition is null ? null : InputColumn.Category(Condition, "condition"),
    };

    public static TextFeaturizerSettings FromOptions(RnnTextFeaturizer.Options options, LanguageModelColumns model) =>
        new(options.InputColumnName ?? model.Input, options.OutputColumnName, options.ConditionColumnName ?? model.Condition, options.Pooling, options.AllLayers);

    public static TextFeaturizerSettings FromModel(SavedModel saved)
    {
        if (!Enum.TryParse(saved.Metadata.GetValueOrDefault(PoolingKey), out Pooling pooling) || !Enum.IsDefined(pooling)
            || !bool.TryParse(saved.Metadata.GetValueOrDefault(AllLayersKey), out bool allLayers))
            throw new FormatException($"{SavedModel.ConfigName} does not say by {PoolingKey} and {AllLayersKey} which states the features are.");
        return new TextFeaturizerSettings(saved.Columns.GetValueOrDefault(SavedModel.InputColumn, "Text"),
            saved.Columns.GetValueOrDefault(SavedModel.OutputColumn, "Features"), saved.Columns.GetValueOrDefault("condition"), pooling, allLayers);
    }

    public SavedModel AddTo(SavedModel saved) => saved with
    {
        Columns = ColumnNames.Present((SavedModel.InputColumn, Input), (SavedModel.OutputColumn, Output), ("condition", Condition)),
        Metadata = new Dictionary<string, string>(saved.Metadata, StringComparer.Ordinal)
        {
            [PoolingKey] = Pooling.ToString(),
            [AllLayersKey] = AllLayers.ToString(CultureInfo.InvariantCulture),
        },
    };

    /// <summary>Returns the column that is added: a vector with the units of one layer after the other.</summary>
    public DataViewSchema.DetachedColumn Added(ModelConfig config)
    {
        int first = AllLayers ? 0 : config.Layers - 1;
        ReadOnlyMemory<char>[] names = [.. Enumerable.Range(first, config.Layers - first)
            .SelectMany(layer => Enumerable.Range(0, config.HiddenSize).Select(unit => $"l{layer}.{unit}".AsMemory()))];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
        return new DataViewSchema.DetachedColumn(Output, new VectorDataViewType(NumberDataViewType.Single, names.Length), annotations.ToAnnotations());
    }
}
