namespace RnnLm;

/// <summary>What a cancelled training does.</summary>
public enum CancellationBehavior
{
    /// <summary>It stops and returns the best weights so far.</summary>
    KeepBest,

    /// <summary>It throws an <see cref="OperationCanceledException"/>.</summary>
    Throw,
}
