using System.Numerics;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// One direction of one recurrent layer. Everything a step needs on the way back stands in rows side by side with the rows of the batch:
/// the gates, and the states that each row came from. So both directions, and sequences of any length, are the same code, and the gradient
/// of the weights is one product.
/// </summary>
internal sealed unsafe class RecurrentLayer<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly RecurrentCell<T, TVector> _cell;
    private readonly NetworkParameters<T> _parameters;
    private readonly Parameter _inputWeight;
    private readonly Parameter _hiddenWeight;
    private readonly Parameter _inputBias;
    private readonly Parameter _hiddenBias;
    private readonly Axis _hidden;
    private readonly Axis _gates;
    private readonly Axis _input;
    private readonly bool _oneHot;
    private readonly bool _lstm;
    private readonly bool _reverse;
    private readonly int _hiddenBlock;
    private readonly int _units;
    private readonly int _stateIndex;
    private readonly int _stateStride;

    private readonly PackedMatrix<T, TVector> _hiddenForward;
    private readonly PackedMatrix<T, TVector> _hiddenBackward;
    private readonly PackedMatrix<T, TVector>? _inputForward;
    private readonly PackedMatrix<T, TVector>? _inputBackward;
    private readonly WeightDropout<T> _hiddenDropout;
    private readonly AlignedBuffer<T> _bias;
    private readonly AlignedBuffer<T> _zeros;
    private readonly AlignedBuffer<T> _sums;

    private readonly AlignedBuffer<T> _gateRows = new();
    private readonly AlignedBuffer<T> _previousHidden = new();
    private readonly AlignedBuffer<T> _previousCell = new();
    private readonly AlignedBuffer<T> _cellTanh = new();
    private readonly AlignedBuffer<T> _table = new();
    private readonly AlignedBuffer<T> _tableGradient = new();

    /// <summary>Makes a layer.</summary>
    public RecurrentLayer(ModelConfig config, double recurrentDropout, int layer, int direction, NetworkParameters<T> parameters)
    {
        string suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
        _parameters = parameters;
        (_inputWeight, _hiddenWeight) = (parameters["rnn.weight_ih" + suffix], parameters["rnn.weight_hh" + suffix]);
        (_inputBias, _hiddenBias) = (parameters["rnn.bias_ih" + suffix], parameters["rnn.bias_hh" + suffix]);
        _cell = RecurrentCell<T, TVector>.Create(config);
        _hidden = Axis.Of(1, config.HiddenSize);
        _gates = Axis.Of(config.Gates, config.HiddenSize);
        _oneHot = layer == 0 && config.EmbeddingSize == 0;
        _input = layer == 0 ? Axis.Of(1, config.EmbeddingSize) : Axis.Of(config.Directions, config.HiddenSize);
        _lstm = config.Cell == CellType.Lstm;
        _reverse = direction == 1;
        _hiddenBlock = _cell.Blocks - _cell.Gates;
        _units = (config.HiddenSize + TVector.Lanes - 1) / TVector.Lanes * TVector.Lanes;
        _stateIndex = ((layer * config.Directions) + direction) * config.StatesPerLayer;
        _stateStride = Axis.RowStride(_hidden.Padded);
        GateStride = Axis.RowStride(_cell.Blocks * _hidden.Stride);
        OutputOffset = direction * _hidden.Stride;

        _hiddenForward = new(_hidden, _gates);
        _hiddenBackward = new(_gates, _hidden);
        if (!_oneHot)
            (_inputForward, _inputBackward) = (new(_input, _gates), new(_gates, _input));
        _hiddenDropout = new(recurrentDropout, config.Layers + 1 + (layer * config.Directions) + direction, _hiddenWeight, _gates);
        _bias = new(_cell.Blocks * _hidden.Stride);
        _zeros = new(_gates.Padded);
        _sums = new(_cell.Blocks * _hidden.Stride);
    }

    /// <summary>Gets the distance of two rows of gates.</summary>
    public int GateStride { get; }

    /// <summary>Gets where this direction's hidden states stand in a row of the layer's output.</summary>
    public int OutputOffset { get; }

    /// <summary>Gets whether the input products of this batch are looked up by token.</summary>
    public bool UsesTable { get; private set; }

    /// <summary>Gets whether recurrent weights are dropped in training.</summary>
    public bool DropsWeights => _hiddenDropout.Active;

    private T* Table => _oneHot ? _parameters.Value(_inputWeight) : _table.Pointer;

    private T* TableGradient => _oneHot ? _parameters.Gradient(_inputWeight) : _tableGradient.Pointer;

    /// <summary>Makes room for a batch.</summary>
    /// <param name="layout">The batch.</param>
    /// <param name="tableRows">The number of tokens where the input products are to be looked up by token, else 0.</param>
    public void Reserve(BatchLayout layout, int tableRows)
    {
        _gateRows.Reserve((long)layout.Rows * GateStride);
        _previousHidden.Reserve((long)layout.Rows * _stateStride);
        if (_lstm)
        {
            _previousCell.Reserve((long)layout.Rows * _stateStride);
            _cellTanh.Reserve((long)layout.Rows * _stateStride);
        }

        UsesTable = tableRows > 0;
        if (UsesTable && !_oneHot)
        {
            _table.Reserve((long)tableRows * _gates.Padded);
            _tableGradient.Reserve((long)tableRows * _gates.Padded);
        }
    }

    /// <summary>Chooses the recurrent weights that a step drops.</summary>
    public void BeginStep(ulong seed, long step) => _hiddenDropout.Begin(seed, step);

    /// <summary>Copies one share of the recurrent weights without those that are dropped.</summary>
    public void DropWeights(int share, int shares) => _hiddenDropout.Fill(_parameters.Value(_hiddenWeight), share, shares);

    /// <summary>Lays out one share of the weights for the products.</summary>
    /// <param name="dropped">Whether of the recurrent weights those that are left are meant.</param>
    /// <param name="share">The share.</param>
    /// <param name="shares">The number of shares.</param>
    public void Pack(bool dropped, int share, int shares)
    {
        T* weight = dropped ? _hiddenDropout.Weights : _parameters.Value(_hiddenWeight);
        _hiddenForward.Pack(weight, 1, _hiddenWeight.Stride, share, shares);
        _hiddenBackward.Pack(weight, _hiddenWeight.Stride, 1, share, shares);
        weight = _parameters.Value(_inputWeight);
        _inputForward?.Pack(weight, 1, _inputWeight.Stride, share, shares);
        _inputBackward?.Pack(weight, _inputWeight.Stride, 1, share, shares);
        if (share > 0)
            return;
        _bias.Span.Clear();
        AddBlocks(_parameters.Value(_inputBias), _bias.Pointer);
        AddBlocks(_parameters.Value(_hiddenBias), _bias.Pointer + (_hiddenBlock * _hidden.Stride));
    }

    /// <summary>Computes the input products of one share of the tokens.</summary>
    /// <param name="embedding">The embedding. // [V, E]</param>
    /// <param name="tokens">The number of tokens.</param>
    /// <param name="share">The share.</param>
    /// <param name="shares">The number of shares.</param>
    public void FillTable(T* embedding, int tokens, int share, int shares)
    {
        if (_inputForward is null)
            return;
        int first = tokens * share / shares, count = (tokens * (share + 1) / shares) - first;
        _inputForward.Multiply(count, embedding + (first * _input.Padded), _input.Padded, _table.Pointer + ((nint)first * _gates.Padded),
            _gates.Padded, accumulate: false);
    }

    /// <summary>Puts the states from which some sequences start into the rows of their first positions.</summary>
    public void Begin(BatchLayout layout, RowSpan span, RecurrentState<T> state)
    {
        for (int b = span.First; b < span.Last; b++)
        {
            nint row = _reverse ? layout.First(layout.LengthOf(b) - 1) + b : b;
            Copy(state.Vector(_stateIndex) + ((nint)b * _stateStride), _previousHidden.Pointer + (row * _stateStride));
            if (_lstm)
                Copy(state.Vector(_stateIndex + 1) + ((nint)b * _stateStride), _previousCell.Pointer + (row * _stateStride));
        }

        void Copy(T* from, T* to) => new ReadOnlySpan<T>(from, _stateStride).CopyTo(new Span<T>(to, _stateStride));
    }

    /// <summary>Runs some sequences over some positions.</summary>
    /// <param name="layout">The batch.</param>
    /// <param name="span">The sequences and positions.</param>
    /// <param name="input">The rows of the input, unless they are looked up.</param>
    /// <param name="inputStride">The distance of two rows of the input.</param>
    /// <param name="output">Takes the hidden states. // [N, D, H]</param>
    /// <param name="outputStride">The distance of two rows of the output.</param>
    /// <param name="final">Takes the states after each sequence's last position.</param>
    public void Forward(BatchLayout layout, RowSpan span, T* input, nint inputStride, T* output, nint outputStride, RecurrentState<T> final)
    {
        if (!UsesTable)
        {
            for (int t = span.Start; span.Next(layout, ref t, out int row, out int count);)
                _inputForward!.Multiply(count, input + (row * inputStride), inputStride, _gateRows.Pointer + ((nint)row * GateStride),
                    GateStride, accumulate: false);
        }

        for (int i = 0; i < span.End - span.Start; i++)
        {
            int t = _reverse ? span.End - 1 - i : span.Start + i, rows = Math.Min(span.Last, layout.Active(t)) - span.First;
            if (rows <= 0)
                continue;
            int next = _reverse ? t - 1 : t + 1;
            CellStep<T> step = StepAt(layout, t, span.First, rows, output, outputStride);
            step.Continuing = Math.Clamp(layout.Active(next) - span.First, 0, rows);
            nint nextRow = step.Continuing > 0 ? layout.First(next) + span.First : 0;
            step.NextHidden = _previousHidden.Pointer + (nextRow * _stateStride);
            step.NextStride = _stateStride;
            step.NextCell = _previousCell.Pointer + (nextRow * _stateStride);
            step.EndHidden = final.Vector(_stateIndex) + ((nint)span.First * _stateStride);
            step.EndCell = _lstm ? final.Vector(_stateIndex + 1) + ((nint)span.First * _stateStride) : null;
            Forward(step);
        }
    }

    /// <summary>Runs the way back of some sequences over all positions: the gates become their gradients.</summary>
    /// <param name="layout">The batch.</param>
    /// <param name="span">The sequences, and all positions.</param>
    /// <param name="gradient">The gradient of the layer's output; the recurrent part is added to it. // [N, D, H]</param>
    /// <param name="gradientStride">The distance of two of its rows.</param>
    /// <param name="begin">Takes the gradients of the states that the sequences started from.</param>
    /// <param name="needsBegin">Whether these are wanted.</param>
    public void Backward(BatchLayout layout, RowSpan span, T* gradient, nint gradientStride, RecurrentState<T> begin, bool needsBegin)
    {
        for (int i = 0; i < span.End; i++)
        {
            int t = _reverse ? i : span.End - 1 - i, rows = Math.Min(span.Last, layout.Active(t)) - span.First;
            if (rows <= 0)
                continue;
            int before = _reverse ? t + 1 : t - 1;
            CellStep<T> step = StepAt(layout, t, span.First, rows, gradient, gradientStride);
            step.Continuing = Math.Clamp(layout.Active(before) - span.First, 0, rows);
            nint beforeRow = step.Continuing > 0 ? layout.First(before) + span.First : 0;
            step.NextHidden = gradient + (beforeRow * gradientStride) + OutputOffset;
            step.NextStride = gradientStride;
            step.EndHidden = begin.Vector(_stateIndex) + ((nint)span.First * _stateStride);
            step.CellGradient = _lstm ? begin.Vector(_stateIndex + 1) + ((nint)span.First * _stateStride) : null;
            _cell.Backward(step, 0, _units);

            T* gates = step.Gates + (_hiddenBlock * _hidden.Stride);
            if (step.Continuing > 0)
                _hiddenBackward.Multiply(step.Continuing, gates, GateStride, step.NextHidden, gradientStride, accumulate: true);
            if (needsBegin && step.Continuing < rows)
                _hiddenBackward.Multiply(rows - step.Continuing, gates + (step.Continuing * (nint)GateStride), GateStride,
                    step.NextHiddenRow(step.Continuing), _stateStride, accumulate: true);
        }
    }

    /// <summary>Computes the gradient of the input of some sequences from the gradients of the gates.</summary>
    public void BackwardInput(BatchLayout layout, RowSpan span, T* gradient, nint gradientStride, bool accumulate)
    {
        for (int t = span.Start; span.Next(layout, ref t, out int row, out int count);)
            _inputBackward!.Multiply(count, _gateRows.Pointer + ((nint)row * GateStride), GateStride, gradient + (row * gradientStride),
                gradientStride, accumulate);
    }

    /// <summary>Adds one share of the gradients of the weights.</summary>
    /// <param name="layout">The batch.</param>
    /// <param name="input">The rows of the input, unless they are looked up.</param>
    /// <param name="inputStride">The distance of two rows of the input.</param>
    /// <param name="product">The thread's own scratch.</param>
    /// <param name="share">The share.</param>
    /// <param name="shares">The number of shares.</param>
    public void AddWeightGradients(BatchLayout layout, T* input, nint inputStride, TransposedProduct<T, TVector> product, int share,
        int shares)
    {
        int first = _gates.Total * share / shares, last = _gates.Total * (share + 1) / shares;
        if (DropsWeights)
            _hiddenDropout.ClearGradients(first, last);
        product.Add(layout.Rows, _gateRows.Pointer + (_hiddenBlock * _hidden.Stride), GateStride, _gates, first, last,
            _previousHidden.Pointer, _stateStride, _hidden, DropsWeights ? _hiddenDropout.Gradients : _parameters.Gradient(_hiddenWeight),
                _hiddenWeight.Stride);
        if (DropsWeights)
            _hiddenDropout.AddGradients(_parameters.Gradient(_hiddenWeight), first, last);
        if (!UsesTable)
        {
            product.Add(layout.Rows, _gateRows.Pointer, GateStride, _gates, first, last,
                input, inputStride, _input, _parameters.Gradient(_inputWeight), _inputWeight.Stride);
        }

        AddSums(layout, share, shares);
    }

    /// <summary>Adds one share of the gradients that pass through the table: of the input weights and of the embedding.</summary>
    public void AddTableGradients(T* embedding, T* embeddingGradient, int tokens, TransposedProduct<T, TVector> product, int share,
        int shares)
    {
        if (_inputBackward is null)
            return;
        product.Add(tokens, _tableGradient.Pointer, _gates.Padded, _gates, _gates.Total * share / shares,
            _gates.Total * (share + 1) / shares,
            embedding, _input.Padded, _input, _parameters.Gradient(_inputWeight), _inputWeight.Stride);
        int first = tokens * share / shares, count = (tokens * (share + 1) / shares) - first;
        _inputBackward.Multiply(count, _tableGradient.Pointer + ((nint)first * _gates.Padded), _gates.Padded,
            embeddingGradient + (first * _input.Padded), _input.Padded, accumulate: true);
    }

    private void Forward(in CellStep<T> step)
    {
        int width = RegisterTile<T, TVector>.Columns;
        T* products = step.Gates + (_hiddenBlock * _hidden.Stride);
        for (int block = 0; block < _hiddenForward.Blocks; block++)
        {
            for (int gate = 0; gate < _gates.Count; gate++)
            {
                bool accumulate = !UsesTable && gate + _hiddenBlock < _gates.Count;
                _hiddenForward.Multiply(step.Rows, step.PreviousHidden, _stateStride, block, gate, products, GateStride, accumulate);
            }

            _cell.Forward(step, block * width, Math.Min((block + 1) * width, _units));
        }
    }

    private CellStep<T> StepAt(BatchLayout layout, int t, int first, int rows, T* output, nint outputStride)
    {
        nint row = layout.First(t) + first;
        return new()
        {
            Rows = rows,
            Gates = _gateRows.Pointer + (row * GateStride),
            GateStride = GateStride,
            Block = _hidden.Stride,
            Table = UsesTable ? Table : null,
            TableStride = _gates.Padded,
            Tokens = layout.Tokens + row,
            Bias = _bias.Pointer,
            Zeros = _zeros.Pointer,
            StateStride = _stateStride,
            PreviousHidden = _previousHidden.Pointer + (row * _stateStride),
            PreviousCell = _previousCell.Pointer + (row * _stateStride),
            CellTanh = _cellTanh.Pointer + (row * _stateStride),
            Output = output + (row * outputStride) + OutputOffset,
            OutputStride = outputStride,
        };
    }

    /// <summary>Adds one share of the gradients that are sums of rows: of the biases, and of the input products that were looked
    /// up.</summary>
    private void AddSums(BatchLayout layout, int share, int shares)
    {
        int lines = _sums.Length / Axis.Padding, hidden = _hiddenBlock * _hidden.Stride;
        int first = lines * share / shares * Axis.Padding, last = lines * (share + 1) / shares * Axis.Padding, lookedUp = first;
        new Span<T>(_sums.Pointer + first, last - first).Clear();
        if (UsesTable && first < _gates.Padded)
        {
            lookedUp = Math.Min(last, _gates.Padded);
            if (!_oneHot)
                ClearTable(first, lookedUp);
            ColumnSums<T, TVector>.AddByToken(_gateRows.Pointer, GateStride, layout.Tokens, layout.Rows, first, lookedUp, TableGradient,
                _gates.Padded, _sums.Pointer);
        }

        ColumnSums<T, TVector>.Add(_gateRows.Pointer, GateStride, layout.Rows, lookedUp, last, _sums.Pointer);
        T* input = _parameters.Gradient(_inputBias), recurrent = _parameters.Gradient(_hiddenBias) - hidden;
        for (int j = first; j < Math.Min(last, _gates.Padded); j++)
            input[j] += _sums.Pointer[j];
        for (int j = Math.Max(first, hidden); j < last; j++)
            recurrent[j] += _sums.Pointer[j];
    }

    private void ClearTable(int from, int to)
    {
        for (int i = from; i < _tableGradient.Length; i += _gates.Padded)
            new Span<T>(_tableGradient.Pointer + i, Math.Min(to - from, _tableGradient.Length - i)).Clear();
    }

    private void AddBlocks(T* source, T* destination)
    {
        for (int i = 0; i < _gates.Padded; i++)
            destination[i] += source[i];
    }
}
