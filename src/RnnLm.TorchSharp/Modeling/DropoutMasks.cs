using RnnLm.Numerics;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>
/// The masks of dropout. Each pass over a batch draws its own from a generator seeded by (seed, number of the pass): the number is all that has to be
/// saved for training to go on to the same bits, and torch's global generator is never touched.
/// </summary>
internal sealed class DropoutMasks(ulong seed) : IDisposable
{
    private const string PositionName = "dropout.position";

    private Generator? _generator;
    private long _passes;

    /// <summary>Begins a pass.</summary>
    public void Next()
    {
        _generator?.Dispose();
        _generator = new Generator(CounterRandom.Mix(seed + CounterRandom.Mix((ulong)_passes++)), CPU);
    }

    /// <summary>Sets elements to zero with probability <paramref name="rate"/>, and scales the others so that the mean stays.</summary>
    public Tensor Apply(Tensor input, double rate) => rate == 0 ? input : input * Draw(input, rate);

    /// <summary>Draws a mask for a tensor: 0 with probability <paramref name="rate"/>, else 1 / (1 - rate).</summary>
    public Tensor Draw(Tensor input, double rate)
    {
        // TorchSharp has generators of the CPU only: for a GPU the mask is drawn here, a byte an element, and copied over.
        bool onCpu = input.device_type == DeviceType.CPU;
        Tensor mask = empty(input.shape, onCpu ? input.dtype : ScalarType.Byte, CPU).bernoulli_(1 - rate, _generator);
        return mask.to(input.dtype, input.device).mul_(1 / (1 - rate));
    }

    public IEnumerable<WeightTensor> Save() => [SavedState.FromCounter(PositionName, _passes)];

    public void Restore(IReadOnlyList<WeightTensor> saved) => _passes = saved.FindCounter(PositionName);

    public void Dispose()
    {
        _generator?.Dispose();
        _generator = null;
    }
}
