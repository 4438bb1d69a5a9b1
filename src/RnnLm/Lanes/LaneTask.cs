namespace RnnLm.Lanes;

/// <summary>A text in a lane: what it feeds next, and what it does with the logits that come of it.</summary>
internal abstract class LaneTask
{
    /// <summary>Gets the token to be fed next.</summary>
    public int Token { get; protected set; }

    /// <summary>Gets whether the logits after <see cref="Token"/> are wanted.</summary>
    public abstract bool NeedsLogits { get; }

    /// <summary>Puts the lane into the state that the text starts from.</summary>
    public abstract void Enter(LanePool pool, int lane);

    /// <summary>Takes what came of <see cref="Token"/>.</summary>
    /// <param name="pool">The lanes.</param>
    /// <param name="lane">The lane that the text is in.</param>
    /// <param name="logits">The logits of what follows; empty where nobody wanted them. // [V]</param>
    /// <returns>What goes on in the lane: this, another one, or null for nothing.</returns>
    public abstract LaneTask? Advance(LanePool pool, int lane, ReadOnlySpan<float> logits);
}
