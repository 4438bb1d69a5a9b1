namespace RnnLm.Engines;

/// <summary>
/// The states of several texts, each in a lane, stepped side by side. What a lane computes depends on its own tokens alone, and on the
/// managed engine to the last bit: not on the number of lanes stepped, of threads, or on the width of the processor's vectors.
/// </summary>
internal interface IInferenceSession : IDisposable
{
    /// <summary>Gets the number of lanes.</summary>
    int Lanes { get; }

    /// <summary>Gets the number of floats of one lane's state: L·S·H, layer by layer, hidden before cell.</summary>
    int StateSize { get; }

    /// <summary>Puts a lane into the model's initial state.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="condition">The condition, for a model that has them; -1 for none, which gives the model's own initial state.</param>
    void Reset(int lane, int condition = -1);

    /// <summary>Copies one lane's state over another's.</summary>
    void Copy(int source, int destination);

    /// <summary>Feeds one token to each of the first lanes.</summary>
    /// <param name="tokens">The token of lane 0, 1, …; as many lanes are stepped as there are tokens.</param>
    /// <param name="logits">Takes the logits of the token that follows in each stepped lane; empty where they are not wanted (the output
    /// layer is then left out). // [B, V]</param>
    void Step(ReadOnlySpan<int> tokens, Span<float> logits);

    /// <summary>Copies a lane's state out. // [L·S·H]</summary>
    void ReadState(int lane, Span<float> state);

    /// <summary>Copies a lane's state in. // [L·S·H]</summary>
    void WriteState(int lane, ReadOnlySpan<float> state);
}
