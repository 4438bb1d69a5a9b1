using System.Numerics;
using RnnLm.Data;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>The linear layer at the end, for rows of positions (language model) or of texts (classifier), with the loss on its
/// softmax.</summary>
internal sealed unsafe class OutputLayer<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly NetworkParameters<T> _parameters;
    private readonly Parameter _weight;
    private readonly Parameter _biasParameter;
    private readonly Axis _input;
    private readonly Axis _output;
    private readonly int _width;
    private readonly PackedMatrix<T, TVector> _forward;
    private readonly PackedMatrix<T, TVector> _backward;
    private readonly AlignedBuffer<T> _bias;
    private readonly AlignedBuffer<T> _logits = new();
    private readonly LabelSmoothing<T, TVector>? _smoothing;

    /// <summary>Makes the layer.</summary>
    public OutputLayer(ModelConfig config, NetworkParameters<T> parameters, LabelSmoothing<T, TVector>? smoothing)
    {
        (_parameters, _smoothing) = (parameters, smoothing);
        _weight = parameters[config.TieWeights ? "embedding.weight" : "output.weight"];
        _biasParameter = parameters["output.bias"];
        _input = Axis.Of(config.Directions, config.HiddenSize);
        _output = Axis.Of(1, config.OutputSize);
        _width = (config.OutputSize + TVector.Lanes - 1) / TVector.Lanes * TVector.Lanes;
        (_forward, _backward) = (new(_input, _output), new(_output, _input));
        _bias = new(_output.Padded);
    }

    /// <summary>Gets the number of outputs.</summary>
    public int Outputs => _output.Length;

    /// <summary>Makes room for a number of rows.</summary>
    public void Reserve(int rows) => _logits.Reserve((long)rows * _output.Padded);

    /// <summary>Lays out one share of the weights for the products.</summary>
    public void Pack(int share, int shares)
    {
        T* weight = _parameters.Value(_weight);
        _forward.Pack(weight, 1, _weight.Stride, share, shares);
        _backward.Pack(weight, _weight.Stride, 1, share, shares);
        if (share > 0)
            return;
        _bias.Span.Fill(T.NegativeInfinity);
        new ReadOnlySpan<T>(_parameters.Value(_biasParameter), _output.Length).CopyTo(_bias.Span);
    }

    /// <summary>Computes the logits of some rows, but for the biases.</summary>
    public void Forward(int first, int rows, T* input, nint inputStride) =>
        _forward.Multiply(rows, input + (first * inputStride), inputStride, Logits(first), _output.Padded, accumulate: false);

    /// <summary>Returns the most likely output of a row.</summary>
    public int ArgMax(int row) => SoftmaxCrossEntropy<T, TVector>.ArgMax(Logits(row), _bias.Pointer, _output.Length);

    /// <summary>Turns a row of logits into the gradient of the loss.</summary>
    /// <param name="row">The row.</param>
    /// <param name="target">The output that is right, or <see cref="Minibatch.Ignore"/>.</param>
    /// <param name="weight">The weight of the row in the loss.</param>
    /// <param name="scale">The factor of the gradient.</param>
    /// <returns>The weighted loss, in nats; 0 where there is no target.</returns>
    public double Loss(int row, int target, double weight, T scale)
    {
        T* logits = Logits(row);
        if (target < 0)
        {
            new Span<T>(logits, _output.Padded).Clear();
            return 0;
        }

        if (_smoothing is not null)
            return _smoothing.Loss(logits, _bias.Pointer, _width, target, weight, scale);
        scale *= T.CreateTruncating(weight);
        T loss = SoftmaxCrossEntropy<T, TVector>.Scaled(logits, _bias.Pointer, _width, scale, target);
        logits[target] -= scale;
        return double.CreateTruncating(loss) * weight;
    }

    /// <summary>Turns a row of logits into probabilities.</summary>
    /// <returns>The cross-entropy with the target, in nats, where there is one.</returns>
    public double Probabilities(int row, int target) =>
        double.CreateTruncating(SoftmaxCrossEntropy<T, TVector>.Scaled(Logits(row), _bias.Pointer, _width, T.One, Math.Max(target, 0)));

    /// <summary>Computes the gradient of the input of some rows.</summary>
    public void Backward(int first, int rows, T* gradient, nint gradientStride) =>
        _backward.Multiply(rows, Logits(first), _output.Padded, gradient + (first * gradientStride), gradientStride, accumulate: false);

    /// <summary>Adds one share of the gradients of weights and biases.</summary>
    public void AddWeightGradients(int rows, T* input, nint inputStride, TransposedProduct<T, TVector> product, int share, int shares)
    {
        product.Add(rows, _logits.Pointer, _output.Padded, _output, _output.Length * share / shares, _output.Length * (share + 1) / shares,
            input, inputStride, _input, _parameters.Gradient(_weight), _weight.Stride);
        int lines = _output.Padded / Axis.Padding;
        ColumnSums<T, TVector>.Add(_logits.Pointer, _output.Padded, rows, lines * share / shares * Axis.Padding,
            lines * (share + 1) / shares * Axis.Padding, _parameters.Gradient(_biasParameter));
    }

    private T* Logits(int row) => _logits.Pointer + ((nint)row * _output.Padded);
}
