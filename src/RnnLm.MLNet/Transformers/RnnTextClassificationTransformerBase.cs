using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.Classification;
using RnnLm.Lanes;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>Classifies the text of each row by a recurrent network. Kinds of it differ in the columns that they add.</summary>
public abstract class RnnTextClassificationTransformerBase : RnnTextTransformer
{
    private readonly ClassifierColumns _columns;
    private readonly Lazy<RnnTextClassifier> _model;

    /// <summary>Takes over one ownership of the model.</summary>
    private protected RnnTextClassificationTransformerBase(IHost host, LoadedModel model, ClassifierColumns columns)
        : base(host, model, columns.ToClassify, columns.Added(model.Saved.Classes, scoreSet: 1).Select(added => added.Column))
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

    private protected override (string LoaderSignature, SavedModel Model) Saved =>
        (MemberSignature.TextClassifier, _columns.AddTo(Loaded.Saved));

    private protected override IRowMapping Bind(DataViewSchema inputSchema, RequestColumns columns) => new Mapping(
        this, inputSchema, columns, _columns.Added(Loaded.Saved.Classes, ScoreAnnotations.NextSet(inputSchema)));

    private protected override void DisposeOwn()
    {
        if (_model.IsValueCreated)
            _model.Value.Dispose();
    }

    /// <summary>The answer for a row is the probability of each class. // [C]</summary>
    private sealed class Mapping(
        RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<AddedColumn<float[]>> added)
        : ModelMapping<float[]>(transformer, inputSchema, columns, added)
    {
        public override IEnumerable<float[]> Run(IEnumerable<TextRequest> requests) =>
            requests.Chunk(LanePool.UsualLanes).SelectMany(Classify);

        public override float[] RunAlone(TextRequest request) => Classify([request])[0];

        private float[][] Classify(TextRequest[] requests)
        {
            var batches = new ClassifierBatches(Model.Saved, Model.Classifier);
            return batches.Classify([.. requests.Select(request => request.Text.AsMemory())]);
        }
    }
}
