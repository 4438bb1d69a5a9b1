using System.Globalization;
using RnnLm.Features;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using Options = RnnLm.MLNet.RnnTextFeaturizer.Options;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a featurizer in a pipeline, and which states it takes.</summary>
/// <param name="Names">The names of the columns, by the keys of the table.</param>
/// <param name="Pooling">How the states of a text become one.</param>
/// <param name="AllLayers">Whether all layers count, or the last alone.</param>
internal sealed record TextFeaturizerSettings(IReadOnlyDictionary<string, string> Names, Pooling Pooling, bool AllLayers)
{
    private const string PoolingKey = "features.pooling", AllLayersKey = "features.all_layers";

    /// <summary>The columns, one a line: its key in model files, its option, and what is read into requests of rows.</summary>
    public static readonly ColumnTable Table = new(
        new InputOption(SavedModel.InputColumn, nameof(Options.InputColumnName),
            name => ColumnKinds.Text.Column(name, "input", (request, text) => request with { Text = text })) { Default = "Text" },
        new OutputOption(SavedModel.OutputColumn, nameof(Options.OutputColumnName)) { Default = "Features", IsRequired = true },
        new InputOption("condition", nameof(Options.ConditionColumnName),
            name => ColumnKinds.Category.Column(name, "condition", (request, condition) => request with { Condition = condition })));

    /// <summary>Gets what is read of a row.</summary>
    public IEnumerable<RequestColumn> ToRead => Table.Inputs(Names).OfType<RequestColumn>();

    /// <summary>Takes from the model what options leave to it.</summary>
    public static TextFeaturizerSettings FromOptions(Options options, LanguageModelColumns model)
    {
        var named = new Options();
        Table.Copy(options, named);
        named.InputColumnName ??= model.Input;
        named.ConditionColumnName ??= model.Condition;
        return new(Table.NamesOf(named), options.Pooling, options.AllLayers);
    }

    public static TextFeaturizerSettings FromModel(SavedModel saved)
    {
        if (!Enum.TryParse(saved.Metadata.GetValueOrDefault(PoolingKey), out Pooling pooling) || !Enum.IsDefined(pooling)
            || !bool.TryParse(saved.Metadata.GetValueOrDefault(AllLayersKey), out bool allLayers))
            throw new FormatException($"{SavedModel.ConfigName} does not say by {PoolingKey} and {AllLayersKey} which states the features "
                + "are.");
        return new TextFeaturizerSettings(Table.NamesSaved(saved.Columns), pooling, allLayers);
    }

    public SavedModel AddTo(SavedModel saved) => saved with
    {
        Columns = Names,
        Metadata = new Dictionary<string, string>(saved.Metadata, StringComparer.Ordinal)
        {
            [PoolingKey] = Pooling.ToString(),
            [AllLayersKey] = AllLayers.ToString(CultureInfo.InvariantCulture),
        },
    };

    /// <summary>Returns the column that is added: a vector with the units of one layer after the other.</summary>
    public AddedColumn<EncodedText> Added(ModelConfig config)
    {
        int first = AllLayers ? 0 : config.Layers - 1;
        ReadOnlyMemory<char>[] names = [.. Enumerable.Range(first, config.Layers - first)
            .SelectMany(layer => Enumerable.Range(0, config.HiddenSize).Select(unit => $"l{layer}.{unit}".AsMemory()))];
        return AddedColumn.Vector<EncodedText>(Names[SavedModel.OutputColumn], names, text => text.Features);
    }
}
