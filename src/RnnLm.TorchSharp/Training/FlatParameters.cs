using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training;

/// <summary>
/// All parameters of a module in one tensor, and all their gradients in another, of which the module's own are views. So an update of all weights is
/// a handful of operations whatever their number, and a copy to or from the host is one.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private const string GradientsName = "gradients";

    private readonly List<(string Name, long Offset, int Length)> _places = [];
    private readonly Tensor _moduleValues, _moduleGradients;
    private bool _holdsGradients;

    /// <summary>Takes over the parameters of a module, and gives them values.</summary>
    public FlatParameters(CharRnnModule module, ModelWeights weights)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Dictionary<string, TorchParameter> parameters = module.named_parameters().ToDictionary(named => named.name, named => named.parameter, StringComparer.Ordinal);
        long total = weights.ParameterCount, offset = 0;
        Values = zeros(total, ScalarType.Float32, module.Device).DetachFromDisposeScope();
        _moduleValues = module.Type == ScalarType.Float32 ? Values : zeros(total, module.Type, module.Device).DetachFromDisposeScope();
        _moduleGradients = zeros(total, module.Type, module.Device).DetachFromDisposeScope();
        foreach (WeightTensor tensor in InOrderOfCudnn(weights))
        {
            TorchParameter parameter = parameters[tensor.Name];
            long[] shape = parameter.shape;
            parameter.set_(_moduleValues.narrow(0, offset, tensor.Values.Length).view(shape));
            parameter.grad = _moduleGradients.narrow(0, offset, tensor.Values.Length).view(shape);
            _places.Add((tensor.Name, offset, tensor.Values.Length));
            offset += tensor.Values.Length;
        }

        Write(weights);
    }

    /// <summary>Gets the weights, in 32 bits. // [N]</summary>
    public Tensor Values { get; }

    /// <summary>Returns the gradients in 32 bits: those held themselves, or a copy where the module has fewer bits. // [N]</summary>
    public Tensor Gradients() => _moduleGradients.to(ScalarType.Float32);

    /// <summary>Notes that a backward pass is about to add to the gradients.</summary>
    public void ExpectGradients() => _holdsGradients = true;

    public void ClearGradients()
    {
        _moduleGradients.zero_();
        _holdsGradients = false;
    }

    /// <summary>Leaves some of the module's recurrent weights out, until what is returned is disposed.</summary>
    public DroppedWeights DropRecurrent(DropoutMasks masks, double rate) => new(
        from place in _places
        where place.Name.StartsWith("rnn.weight_hh", StringComparison.Ordinal)
        select (_moduleValues.narrow(0, place.Offset, place.Length), _moduleGradients.narrow(0, place.Offset, place.Length)),
        masks, rate);

    /// <summary>Gives the module what <see cref="Values"/> has become, where it has a copy in fewer bits.</summary>
    public void Publish()
    {
        if (!ReferenceEquals(_moduleValues, Values))
            _moduleValues.copy_(Values);
    }

    public void Read(ModelWeights destination) => Read(Values, destination);

    public void ReadGradients(ModelWeights destination, float scale) => Read(Gradients() / scale, destination);

    public void Write(ModelWeights source)
    {
        var flat = new float[Values.NumberOfElements];
        foreach ((string name, long offset, int length) in _places)
            source[name].Values.CopyTo(flat.AsSpan((int)offset, length));
        Values.copy_(HostArrays.ToTensor(flat, CPU, flat.Length));
        Publish();
    }

    /// <summary>Saves the gradients of an update that has begun; between updates they are zeros.</summary>
    public IEnumerable<WeightTensor> SaveGradients() => _holdsGradients ? [SavedState.FromTensor(GradientsName, Gradients())] : [];

    public void RestoreGradients(IReadOnlyList<WeightTensor> saved)
    {
        ClearGradients();
        if (!saved.Has(GradientsName))
            return;
        saved.FindInto(GradientsName, _moduleGradients);
        _holdsGradients = true;
    }

    public void Dispose()
    {
        _moduleGradients.Dispose();
        _moduleValues.Dispose();
        Values.Dispose();
    }

    private void Read(Tensor flat, ModelWeights destination)
    {
        ReadOnlySpan<float> values = HostArrays.Floats(flat.cpu());
        foreach ((string name, long offset, int length) in _places)
            values.Slice((int)offset, length).CopyTo(destination[name].Values);
    }

    /// <summary>cuDNN reads the recurrent weights in place if they stand at the start of their storage, all matrices before all biases.</summary>
    private static IEnumerable<WeightTensor> InOrderOfCudnn(ModelWeights weights) => weights.OrderBy(tensor =>
        tensor.Name.StartsWith("rnn.weight", StringComparison.Ordinal) ? 0 : tensor.Name.StartsWith("rnn.bias", StringComparison.Ordinal) ? 1 : 2);
}
