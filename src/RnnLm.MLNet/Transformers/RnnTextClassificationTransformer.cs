using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.Classification;
using RnnLm.Lanes;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// Classifies the text of each row by a recurrent network: adds the most likely label, a key with the labels as its values, and the probability of each.
/// Made by <see cref="RnnTextClassificationTrainer"/>, or loaded with the model that it is part of.
/// </summary>
public sealed class RnnTextClassificationTransformer : RnnTextTransformer
{
    private readonly TextClassifierColumns _columns;
    private readonly Lazy<RnnTextClassifier> _model;

    internal RnnTextClassificationTransformer(IHostEnvironment environment, SavedModel saved)
        : this(environment, HostModels.Open(environment, saved), TextClassifierColumns.FromModel(saved))
    {
    }

    /// <summary>Takes over one ownership of the model.</summary>
    internal RnnTextClassificationTransformer(IHostEnvironment environment, LoadedModel model, TextClassifierColumns columns)
        : base(environment.Register(nameof(RnnTextClassificationTransformer)), model, new(InputColumn.Text(columns.Input)), columns.Added(model.Saved.Classes))
    {
        _columns = columns;
        _model = new(() => new RnnTextClassifier(Loaded.Share(), Saved.Model));
    }

    /// <summary>Gets the classifier, for use outside of a pipeline. It is disposed with the transformer.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public RnnTextClassifier Model
    {
        get
        {
            ThrowIfDisposed();
            return _model.Value;
        }
    }

    private protected override (string LoaderSignature, SavedModel Model) Saved => (MemberSignature.TextClassifier, _columns.AddTo(Loaded.Saved));

    private protected override RnnTextTransformer ShareAs(LoadedModel model) => new RnnTextClassificationTransformer(Host, model, _columns);

    private protected override IRowMapping Bind(
        DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<DataViewSchema.DetachedColumn> outputs) => new Mapping(this, inputSchema, columns, outputs);

    private protected override void DisposeOwn()
    {
        if (_model.IsValueCreated)
            _model.Value.Dispose();
    }

    /// <summary>The answer for a row is the probability of each class. // [C]</summary>
    private sealed class Mapping(
        RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<DataViewSchema.DetachedColumn> outputs)
        : ModelMapping<float[]>(transformer, inputSchema, columns, outputs)
    {
        public override IEnumerable<float[]> Run(IEnumerable<TextRequest> requests) => requests.Chunk(LanePool.UsualLanes).SelectMany(Classify);

        public override float[] RunAlone(TextRequest request) => Classify([request])[0];

        public override Delegate CreateGetter(int output, Func<float[]> current) => output == 0
            ? (ValueGetter<uint>)((ref uint value) => value = (uint)TensorPrimitives.IndexOfMax<float>(current()) + 1)
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                float[] probabilities = current();
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, probabilities.Length);
                probabilities.CopyTo(editor.Values);
                value = editor.Commit();
            });

        private float[][] Classify(TextRequest[] requests)
        {
            var batches = new ClassifierBatches(Model.Saved, Model.Classifier);
            return batches.Classify([.. requests.Select(request => request.Text.AsMemory())]);
        }
    }
}
