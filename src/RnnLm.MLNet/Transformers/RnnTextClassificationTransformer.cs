using Microsoft.ML.Runtime;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// Classifies the text of each row by a recurrent network: adds the most likely label, a key with the labels as its values, and the
/// probability of each. Made by <see cref="RnnTextClassificationTrainer"/>, or loaded with the model that it is part of.
/// </summary>
public sealed class RnnTextClassificationTransformer : RnnTextClassificationTransformerBase
{
    private readonly TextClassifierColumns _columns;

    internal RnnTextClassificationTransformer(IHostEnvironment environment, SavedModel saved)
        : this(environment, HostModels.Open(environment, saved), TextClassifierColumns.FromModel(saved))
    {
    }

    /// <summary>Takes over one ownership of the model.</summary>
    internal RnnTextClassificationTransformer(IHostEnvironment environment, LoadedModel model, TextClassifierColumns columns)
        : base(environment.Register(nameof(RnnTextClassificationTransformer)), model, columns) => _columns = columns;

    /// <summary>Gets the type of the values that labels stand for; null for keys that stand for nothing but themselves.</summary>
    internal LabelType? LabelType => _columns.LabelType;

    private protected override RnnTextTransformer ShareAs(LoadedModel model) => new RnnTextClassificationTransformer(Host, model, _columns);
}
