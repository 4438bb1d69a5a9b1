using RnnLm.Modeling;
using RnnLm.Numerics;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>
/// The masks of dropout. Each pass over a batch draws its own from a generator seeded by (seed, number of the pass): the number is all that
/// has to be saved for training to go on to the same bits, and torch's global generator is never touched.
/// </summary>
internal sealed class DropoutMasks(ulong seed) : IDisposable
{
    private const string PositionName = "dropout.position";

    private Generator? _generator;
    private ulong _key;
    private long _passes;

    /// <summary>Begins a pass.</summary>
    public void Next()
    {
        _key = CounterRandom.Mix(seed + CounterRandom.Mix((ulong)_passes++));
        _generator?.Dispose();
        _generator = new Generator(_key, CPU);
    }

    /// <summary>Sets elements to zero with probability <paramref name="rate"/>, and scales the others so that the mean stays.</summary>
    public Tensor Apply(Tensor input, double rate) => rate == 0 ? input : input * Draw(input, rate);

    /// <summary>Draws a mask for a tensor: 0 with probability <paramref name="rate"/>, else 1 / (1 - rate).</summary>
    public Tensor Draw(Tensor input, double rate)
    {
        Tensor mask = input.device_type == DeviceType.CPU ? empty(input.shape, input.dtype, CPU)
            .bernoulli_(1 - rate, _generator) : DrawInPlace(input, rate);
        return mask.MultiplyBy(1 / (1 - rate));
    }

    /// <summary>Draws ones and zeros where a tensor is.</summary>
    internal Tensor DrawInPlace(Tensor input, double rate)
    {
        _key = CounterRandom.Mix(_key);
        Tensor numbers = HashedNumbers.Draw(input.NumberOfElements, _key, input.device);
        return numbers.IsAtLeast((long)Math.Round(rate * (1L << 32))).to(input.dtype).view(input.shape);
    }

    public IEnumerable<WeightTensor> Save() => [SavedState.FromCounter(PositionName, _passes)];

    public void Restore(IReadOnlyList<WeightTensor> saved) => _passes = saved.FindCounter(PositionName);

    public void Dispose()
    {
        _generator?.Dispose();
        _generator = null;
    }
}
