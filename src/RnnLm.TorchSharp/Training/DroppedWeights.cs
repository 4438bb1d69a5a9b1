using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training;

/// <summary>
/// Some of a module's weights left out for one pass forward and back (DropConnect, Wan et al., 2013). They are changed in place, as the
/// fused kernels read them there; at the end they are put back, and what the pass added to the gradients of those left out is taken away.
/// </summary>
internal sealed class DroppedWeights : IDisposable
{
    private readonly List<(Tensor Weight, Tensor Original, Tensor Gradient, Tensor GradientBefore, Tensor Mask)> _dropped = [];

    /// <param name="weights">Weights and their gradients.</param>
    /// <param name="masks">The masks.</param>
    /// <param name="rate">The probability of leaving a weight out.</param>
    public DroppedWeights(IEnumerable<(Tensor Weight, Tensor Gradient)> weights, DropoutMasks masks, double rate)
    {
        using IDisposable noGrad = no_grad();
        foreach ((Tensor weight, Tensor gradient) in weights)
        {
            Tensor mask = masks.Draw(weight, rate);
            _dropped.Add((weight, weight.clone(), gradient, gradient.clone(), mask));
            weight.mul_(mask);
            gradient.zero_();
        }
    }

    public void Dispose()
    {
        using IDisposable noGrad = no_grad();
        foreach ((Tensor weight, Tensor original, Tensor gradient, Tensor gradientBefore, Tensor mask) in _dropped)
        {
            weight.copy_(original);
            gradient.mul_(mask).Add(gradientBefore);
        }
    }
}
