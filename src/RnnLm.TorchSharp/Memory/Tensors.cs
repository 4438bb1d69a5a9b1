namespace RnnLm.TorchSharp.Memory;

/// <summary>Short forms of tensor functions.</summary>
internal static class Tensors
{
    /// <summary>Joins tensors along a dimension. As a list: the overload that takes a span is not in each TorchSharp that the engine runs
    /// with.</summary>
    public static torch.Tensor Join(IList<torch.Tensor> tensors, long dimension = 0) => torch.cat(tensors, dimension);
}
