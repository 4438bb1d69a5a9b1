namespace RnnLm;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>The epochs or steps asked for were done.</summary>
    Completed,

    /// <summary>The time asked for was over.</summary>
    TimeUp,

    /// <summary>The validation loss had not become better for as many evaluations as patience allows.</summary>
    EarlyStopping,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>The loss was no longer a number, or stayed far above that of guessing.</summary>
    Diverged,
}
