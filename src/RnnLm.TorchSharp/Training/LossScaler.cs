using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;

namespace RnnLm.TorchSharp.Training;

/// <summary>
/// The factor of the loss in mixed precision, which lifts small gradients into the range of 16-bit numbers: halved when a gradient
/// overflows, whose step is left out, and doubled after a long run without. The numbers are those of PyTorch's GradScaler.
/// </summary>
internal sealed class LossScaler
{
    private const int GrowthInterval = 2000;

    private const string ScaleName = "scaler.scale", StepsName = "scaler.good_steps";

    private long _goodSteps;

    /// <summary>Gets the factor.</summary>
    public float Scale { get; private set; } = 65_536;

    /// <summary>Moves the factor by what came of a step.</summary>
    public void Observe(bool overflow)
    {
        _goodSteps = overflow ? 0 : _goodSteps + 1;
        if (overflow)
            Scale /= 2;
        else if (_goodSteps == GrowthInterval)
            (Scale, _goodSteps) = (Scale * 2, 0);
    }

    public IEnumerable<WeightTensor> Save()
    {
        var scale = new WeightTensor(ScaleName, 1);
        scale.Values[0] = Scale;
        return [scale, SavedState.FromCounter(StepsName, _goodSteps)];
    }

    public void Restore(IReadOnlyList<WeightTensor> saved) =>
        (Scale, _goodSteps) = (saved.Find(ScaleName, 1).Values[0], saved.FindCounter(StepsName));
}
