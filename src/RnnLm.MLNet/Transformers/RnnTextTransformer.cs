using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.MLNetInternals;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// A transformer that runs a recurrent network on a text column, in batches, and adds columns. Nothing is computed for columns that nobody
/// reads. It may stand in an estimator pipeline as it is, and is saved with the pipeline's model. Safe for use by many threads at once.
/// </summary>
/// <remarks>
/// Transformers made from one another share the network's weights, which live as long as one of them does. A PredictionEngine disposes by
/// default the transformer it was made from, and a chain of transformers its members; other engines that were made from it go on to work,
/// as each holds the weights by itself. What an engine alone holds is given back by the garbage collector.
/// </remarks>
public abstract class RnnTextTransformer : ITransformer, IEstimator<RnnTextTransformer>, IDisposable
{
    private readonly LoadedModel _loaded;
    private readonly IReadOnlyList<RequestColumn> _inputs;
    private readonly IReadOnlyList<DataViewSchema.DetachedColumn> _outputs;
    private int _disposed;

    /// <summary>Takes over one ownership of the model.</summary>
    private protected RnnTextTransformer(
        IHost host, LoadedModel model, IEnumerable<RequestColumn> inputs, IEnumerable<DataViewSchema.DetachedColumn> outputs) =>
        (Host, _loaded, _inputs, _outputs) = (host, model, [.. inputs], [.. outputs]);

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>Gets the model.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    internal LoadedModel Loaded
    {
        get
        {
            ThrowIfDisposed();
            return _loaded;
        }
    }

    internal IHost Host { get; }

    /// <summary>Gets what stands in a model file for a transformer of this kind.</summary>
    private protected abstract (string LoaderSignature, SavedModel Model) Saved { get; }

    /// <summary>Returns the schema of the output for that of an input.</summary>
    /// <param name="inputSchema">The schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>Adds the columns to a data view. They are computed as the result is read.</summary>
    /// <param name="input">The data.</param>
    /// <returns>The data with the columns added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Bind(input.Schema).CreateView(input);
    }

    /// <summary>Gives back the transformer's share of the weights. Disposing twice does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            DisposeOwn();
            _loaded.Release();
        }

        GC.SuppressFinalize(this);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema).CreateMapper();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ThrowIfDisposed();
        ModelEntries.Save(ctx, Saved.LoaderSignature, Saved.Model);
    }

    RnnTextTransformer IEstimator<RnnTextTransformer>.Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Bind(input.Schema);
        return ShareAs(Loaded.Share());
    }

    SchemaShape IEstimator<RnnTextTransformer>.GetOutputSchema(SchemaShape inputSchema) =>
        ColumnShapes.Add(Host, inputSchema, _inputs, _outputs);

    /// <summary>Makes a transformer like this one that takes over another ownership of the model.</summary>
    private protected abstract RnnTextTransformer ShareAs(LoadedModel model);

    /// <summary>Binds the transformer to the columns that it reads.</summary>
    private protected abstract IRowMapping Bind(DataViewSchema inputSchema, RequestColumns columns);

    /// <summary>Gives back what a kind of transformer holds beside the weights.</summary>
    private protected virtual void DisposeOwn()
    {
    }

    private protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, this);

    private IRowMapping Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ThrowIfDisposed();
        return Bind(inputSchema, new RequestColumns(Host, inputSchema, _inputs));
    }
}
