using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training;

/// <summary>
/// All parameters of a module in one tensor, and all their gradients in another, of which the module's own are views. So an update of all
/// weights is a handful of operations whatever their number, and a copy to or from the host is one.
/// </summary>
/// <remarks>
/// cuDNN reads the weights of a call in place where they stand at the start of their storage, all matrices before all biases. Otherwise it
/// puts them together anew in each call, and prints a warning. So on a GPU several fused calls read copies, each in a storage of its own.
/// </remarks>
internal sealed class FlatParameters : IDisposable
{
    private const string GradientsName = "gradients";

    private readonly List<Place> _places = [];
    private readonly List<Tensor> _copies = [];
    private readonly Tensor _moduleValues, _moduleGradients;
    private bool _holdsGradients;

    /// <summary>Takes over the parameters of a module, and gives them values.</summary>
    /// <param name="module">The module.</param>
    /// <param name="weights">The values.</param>
    /// <param name="copied">Whether several fused calls read copies; <see langword="null"/> for what the device needs.</param>
    public FlatParameters(CharRnnModule module, ModelWeights weights, bool? copied = null)
    {
        bool copies = copied ?? module.Device.type == DeviceType.CUDA;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Dictionary<string, TorchParameter> parameters = module.named_parameters()
            .ToDictionary(named => named.name, named => named.parameter, StringComparer.Ordinal);
        long total = weights.ParameterCount, offset = 0;
        Values = zeros(total, ScalarType.Float32, module.Device).DetachFromDisposeScope();
        _moduleValues = module.Type == ScalarType.Float32 ? Values : zeros(total, module.Type, module.Device).DetachFromDisposeScope();
        _moduleGradients = zeros(total, module.Type, module.Device).DetachFromDisposeScope();
        foreach (WeightTensor tensor in InOrderOfCudnn(weights))
        {
            int length = tensor.Values.Length, call = copies ? module.CallOf(tensor.Name) : 0;
            _places.Add(new(tensor.Name, offset, length, call, _moduleValues.narrow(0, offset, length).DetachFromDisposeScope()));
            offset += length;
        }

        foreach (IGrouping<int, Place> call in _places.Where(place => place.Call > 0).GroupBy(place => place.Call).ToList())
        {
            Tensor own = zeros(call.Sum(place => place.Length), module.Type, module.Device).DetachFromDisposeScope();
            _copies.Add(own);
            long start = 0;
            foreach (Place place in call)
            {
                place.Read.Dispose();
                _places[_places.IndexOf(place)] = place with { Read = own.narrow(0, start, place.Length).DetachFromDisposeScope() };
                start += place.Length;
            }
        }

        foreach (Place place in _places)
        {
            TorchParameter parameter = parameters[place.Name];
            long[] shape = parameter.shape;
            parameter.set_(place.Read.view(shape));
            parameter.grad = _moduleGradients.narrow(0, place.Offset, place.Length).view(shape);
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
        select (place.Read, _moduleGradients.narrow(0, place.Offset, place.Length)),
        masks, rate);

    /// <summary>Gives the module what <see cref="Values"/> has become, where it reads copies.</summary>
    public void Publish()
    {
        if (!ReferenceEquals(_moduleValues, Values))
            _moduleValues.copy_(Values);
        using DisposeScope scope = NewDisposeScope();
        foreach (Place place in _places.Where(place => place.Call > 0))
            place.Read.copy_(Values.narrow(0, place.Offset, place.Length));
    }

    public void Read(ModelWeights destination) => Read(Values, destination);

    public void ReadGradients(ModelWeights destination, float scale) => Read(Gradients().Over(scale), destination);

    public void Write(ModelWeights source)
    {
        var flat = new float[Values.NumberOfElements];
        foreach (Place place in _places)
            source[place.Name].Values.CopyTo(flat.AsSpan((int)place.Offset, place.Length));
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
        _places.ForEach(place => place.Read.Dispose());
        _copies.ForEach(copy => copy.Dispose());
        _moduleGradients.Dispose();
        _moduleValues.Dispose();
        Values.Dispose();
    }

    private void Read(Tensor flat, ModelWeights destination)
    {
        ReadOnlySpan<float> values = HostArrays.Floats(flat.cpu());
        foreach (Place place in _places)
            values.Slice((int)place.Offset, place.Length).CopyTo(destination[place.Name].Values);
    }

    private static IEnumerable<WeightTensor> InOrderOfCudnn(ModelWeights weights) => weights.OrderBy(tensor =>
        tensor.Name.StartsWith("rnn.weight", StringComparison.Ordinal) ? 0 : tensor.Name.StartsWith("rnn.bias", StringComparison.Ordinal)
        ? 1
        : 2);

    /// <param name="Name">The parameter's name.</param>
    /// <param name="Offset">Where it begins in <see cref="Values"/>.</param>
    /// <param name="Length">The number of its values.</param>
    /// <param name="Call">The fused call that reads a copy of it, or 0.</param>
    /// <param name="Read">What the module reads. // [Length]</param>
    private sealed record Place(string Name, long Offset, int Length, int Call, Tensor Read);
}
