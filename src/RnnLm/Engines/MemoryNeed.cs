namespace RnnLm.Engines;

/// <summary>An estimate of the memory that something takes.</summary>
/// <param name="Model">The bytes that grow with the model alone: weights, gradients, the optimizer's state, the engine's own
/// copies.</param>
/// <param name="Minibatch">The bytes that grow with the minibatch: states, gates, logits, and what each thread works in.</param>
/// <param name="LongestArray">The number of elements of the longest array.</param>
internal readonly record struct MemoryNeed(double Model, double Minibatch = 0, double LongestArray = 0)
{
    /// <summary>Gets all of it, in bytes.</summary>
    public double Total => Model + Minibatch;

    /// <summary>Returns whether so many bytes are enough, and no array is longer than the runtime makes one.</summary>
    public bool FitsInto(long bytes) => Total <= bytes && LongestArray <= Array.MaxLength - 1024;
}
