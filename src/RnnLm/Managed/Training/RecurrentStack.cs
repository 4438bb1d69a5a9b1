using System.Numerics;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>The recurrent layers, one above the other, with dropout between them and after the last.</summary>
internal sealed unsafe class RecurrentStack<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly ModelConfig _config;
    private readonly Axis _outputs;
    private readonly RecurrentLayer<T, TVector>[] _directions;
    private readonly Dropout<T>[] _dropouts;
    private readonly AlignedBuffer<T>[] _hidden;
    private readonly AlignedBuffer<T>[] _dropped;
    private readonly AlignedBuffer<T>[] _gradients = [new(), new()];
    private bool _training;

    /// <summary>Makes the layers.</summary>
    public RecurrentStack(ModelConfig config, DropoutRates dropout, NetworkParameters<T> parameters)
    {
        _config = config;
        _outputs = Axis.Of(config.Directions, config.HiddenSize);
        OutputStride = Axis.RowStride(_outputs.Padded);
        Layers = new RecurrentLayer<T, TVector>[config.Layers][];
        _dropouts = new Dropout<T>[config.Layers];
        _hidden = new AlignedBuffer<T>[config.Layers];
        _dropped = new AlignedBuffer<T>[config.Layers];
        for (int layer = 0; layer < config.Layers; layer++)
        {
            Layers[layer] = new RecurrentLayer<T, TVector>[config.Directions];
            for (int direction = 0; direction < config.Directions; direction++)
                Layers[layer][direction] = new(config, dropout.Recurrent, layer, direction, parameters);
            bool top = layer == config.Layers - 1;
            _dropouts[layer] = new(top ? dropout.Output : dropout.BetweenLayers, layer + 1);
            (_hidden[layer], _dropped[layer]) = (new(), new());
        }

        _directions = [.. Layers.SelectMany(layer => layer)];
    }

    /// <summary>Gets the layers, each with its directions.</summary>
    public RecurrentLayer<T, TVector>[][] Layers { get; }

    /// <summary>Gets the distance of two rows of a layer's output.</summary>
    public int OutputStride { get; }

    /// <summary>Gets whether this pass runs on recurrent weights of which some are dropped.</summary>
    public bool DropsWeights => _training && _directions[0].DropsWeights;

    /// <summary>Gets the number of sequences that a thread runs side by side.</summary>
    public static int SequencesAtATime => 64;

    /// <summary>Gets the output of the last layer. // [N, D, H]</summary>
    public T* Top => Output(_config.Layers - 1);

    /// <summary>Gets the gradient of <see cref="Top"/>. // [N, D, H]</summary>
    public T* TopGradient => Gradient(_config.Layers - 1);

    /// <summary>Makes room for a batch.</summary>
    public void Reserve(BatchLayout layout, int tableRows, bool training)
    {
        _training = training;
        long size = (long)layout.Rows * OutputStride;
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            _hidden[layer].Reserve(size);
            if (Drops(layer))
                _dropped[layer].Reserve(size);
            if (training && layer < _gradients.Length)
                _gradients[layer].Reserve(size);
            foreach (RecurrentLayer<T, TVector> direction in Layers[layer])
                direction.Reserve(layout, layer == 0 ? tableRows : 0);
        }
    }

    /// <summary>Chooses the dropout masks of a step.</summary>
    public void BeginStep(ulong seed, long step)
    {
        foreach (Dropout<T> dropout in _dropouts)
            dropout.Begin(seed, step);
        foreach (RecurrentLayer<T, TVector> direction in _directions)
            direction.BeginStep(seed, step);
    }

    /// <summary>Copies one share of the recurrent weights without those that this step drops.</summary>
    public void DropWeights(int share, int shares)
    {
        foreach (RecurrentLayer<T, TVector> direction in _directions)
            direction.DropWeights(share, shares);
    }

    /// <summary>Lays out one share of the weights for the products.</summary>
    public void Pack(int share, int shares)
    {
        foreach (RecurrentLayer<T, TVector> direction in _directions)
            direction.Pack(DropsWeights, share, shares);
    }

    /// <summary>Puts some sequences into the states they start from.</summary>
    public void Begin(BatchLayout layout, RowSpan span, RecurrentState<T> state)
    {
        foreach (RecurrentLayer<T, TVector> direction in _directions)
            direction.Begin(layout, span, state);
    }

    /// <summary>Runs some sequences over some positions.</summary>
    public void Forward(BatchLayout layout, RowSpan span, T* input, nint inputStride, RecurrentState<T> final)
    {
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            foreach (RecurrentLayer<T, TVector> direction in Layers[layer])
                direction.Forward(layout, span, input, inputStride, _hidden[layer].Pointer, OutputStride, final);
            if (Drops(layer))
                Drop(layout, span, layer, _hidden[layer].Pointer, _dropped[layer].Pointer);
            input = Output(layer);
            inputStride = OutputStride;
        }
    }

    /// <summary>Runs the way back of some sequences, from the gradient of the last layer's output to the gradients of all gates.</summary>
    public void Backward(BatchLayout layout, RowSpan span, RecurrentState<T> begin, bool needsBegin)
    {
        for (int layer = _config.Layers - 1; layer >= 0; layer--)
        {
            if (Drops(layer))
                Drop(layout, span, layer, Gradient(layer), Gradient(layer));
            foreach (RecurrentLayer<T, TVector> direction in Layers[layer])
                direction.Backward(layout, span, Gradient(layer), OutputStride, begin, needsBegin);
            for (int direction = 0; layer > 0 && direction < _config.Directions; direction++)
                Layers[layer][direction].BackwardInput(layout, span, Gradient(layer - 1), OutputStride, accumulate: direction > 0);
        }
    }

    /// <summary>Adds one share of the gradients of the weights.</summary>
    public void AddWeightGradients(BatchLayout layout, T* input, nint inputStride, TransposedProduct<T, TVector> product, int share,
        int shares)
    {
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            foreach (RecurrentLayer<T, TVector> direction in Layers[layer])
                direction.AddWeightGradients(layout, input, inputStride, product, share, shares);
            input = Output(layer);
            inputStride = OutputStride;
        }
    }

    private bool Drops(int layer) => _training && _dropouts[layer].Active;

    private T* Output(int layer) => (Drops(layer) ? _dropped : _hidden)[layer].Pointer;

    private T* Gradient(int layer) => _gradients[layer % 2].Pointer;

    private void Drop(BatchLayout layout, RowSpan span, int layer, T* source, T* destination)
    {
        for (int t = span.Start; span.Next(layout, ref t, out int row, out int count);)
            _dropouts[layer].Apply(source + ((nint)row * OutputStride), destination + ((nint)row * OutputStride), OutputStride, row, count,
                _outputs.Padded);
    }
}
