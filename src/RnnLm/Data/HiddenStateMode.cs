namespace RnnLm;

/// <summary>When the hidden state starts anew in training on a running text read sequentially.</summary>
public enum HiddenStateMode
{
    /// <summary>Never: it is carried from window to window, and on over the end of an epoch.</summary>
    Carry,

    /// <summary>With every minibatch.</summary>
    ZeroEachBatch,

    /// <summary>With every epoch; within it the state is carried from window to window.</summary>
    ZeroEachEpoch,
}
