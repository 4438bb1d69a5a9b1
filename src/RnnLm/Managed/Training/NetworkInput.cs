using System.Numerics;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// How tokens reach the first layer. One-hot vectors are never made: a token's input product is a row of the transposed weights. With an
/// embedding, where the batch has more positions than there are tokens, the products of all tokens are computed first and looked up; else
/// the embeddings are gathered.
/// </summary>
internal sealed unsafe class NetworkInput<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly ModelConfig _config;
    private readonly NetworkParameters<T> _parameters;
    private readonly RecurrentLayer<T, TVector>[] _layer;
    private readonly Parameter? _embedding;
    private readonly Dropout<T> _dropout;
    private readonly AlignedBuffer<T> _rows = new();
    private readonly AlignedBuffer<T> _gradient = new();
    private bool _drops;

    /// <summary>Makes the input of a layer.</summary>
    /// <param name="config">The model.</param>
    /// <param name="dropout">What training drops.</param>
    /// <param name="parameters">Its weights.</param>
    /// <param name="layer">The directions of the first layer.</param>
    public NetworkInput(ModelConfig config, DropoutRates dropout, NetworkParameters<T> parameters, RecurrentLayer<T, TVector>[] layer)
    {
        (_config, _parameters, _layer) = (config, parameters, layer);
        _embedding = parameters.Find("embedding.weight");
        _dropout = new(config.EmbeddingSize > 0 ? dropout.Input : 0, site: 0);
        Stride = Axis.RoundUp(config.EmbeddingSize);
    }

    /// <summary>Gets the number of tokens where input products are looked up, or 0.</summary>
    public int TableRows { get; private set; }

    /// <summary>Gets the gathered embeddings. // [N, E]</summary>
    public T* Rows => _rows.Pointer;

    /// <summary>Gets the distance of two of them.</summary>
    public int Stride { get; }

    /// <summary>Makes room for a batch.</summary>
    public void Reserve(BatchLayout layout, bool training)
    {
        _drops = training && _dropout.Active;
        bool lookUp = _embedding is null || (!_drops && layout.Rows > _config.VocabularySize);
        TableRows = lookUp ? _config.VocabularySize : 0;
        if (lookUp)
            return;
        _rows.Reserve((long)layout.Rows * Stride);
        if (training)
            _gradient.Reserve((long)layout.Rows * Stride);
    }

    /// <summary>Chooses the dropout mask of a step.</summary>
    public void BeginStep(ulong seed, long step) => _dropout.Begin(seed, step);

    /// <summary>Computes one share of the input products of all tokens.</summary>
    public void FillTables(int share, int shares)
    {
        foreach (RecurrentLayer<T, TVector> direction in _layer)
            direction.FillTable(_parameters.Value(_embedding!), TableRows, share, shares);
    }

    /// <summary>Gathers the embeddings of some sequences at some positions.</summary>
    public void Gather(BatchLayout layout, RowSpan span)
    {
        if (TableRows > 0)
            return;
        T* table = _parameters.Value(_embedding!);
        for (int t = span.Start; span.Next(layout, ref t, out int first, out int count);)
        {
            for (int row = first; row < first + count; row++)
                new ReadOnlySpan<T>(table + ((nint)layout.Tokens[row] * Stride),
                    Stride).CopyTo(new Span<T>(Rows + ((nint)row * Stride), Stride));
            if (_drops)
                Drop(Rows, first, count);
        }
    }

    /// <summary>Computes the gradients of the gathered embeddings of some sequences.</summary>
    public void Backward(BatchLayout layout, RowSpan span)
    {
        if (TableRows > 0)
            return;
        for (int direction = 0; direction < _layer.Length; direction++)
            _layer[direction].BackwardInput(layout, span, _gradient.Pointer, Stride, accumulate: direction > 0);
        for (int t = span.Start; _drops && span.Next(layout, ref t, out int first, out int count);)
            Drop(_gradient.Pointer, first, count);
    }

    /// <summary>Adds one share of the embedding's gradients, and of the input weights' where products are looked up.</summary>
    public void AddEmbeddingGradients(BatchLayout layout, TransposedProduct<T, TVector> product, int share, int shares)
    {
        T* gradient = _parameters.Gradient(_embedding!);
        if (TableRows > 0)
        {
            foreach (RecurrentLayer<T, TVector> direction in _layer)
                direction.AddTableGradients(_parameters.Value(_embedding!), gradient, TableRows, product, share, shares);
            return;
        }

        int lines = Stride / Axis.Padding;
        ColumnSums<T, TVector>.AddByToken(_gradient.Pointer, Stride, layout.Tokens, layout.Rows, lines * share / shares * Axis.Padding,
            lines * (share + 1) / shares * Axis.Padding, gradient, Stride);
    }

    private void Drop(T* rows, int first, int count) =>
        _dropout.Apply(rows + ((nint)first * Stride), rows + ((nint)first * Stride), Stride, first, count, Stride);
}
