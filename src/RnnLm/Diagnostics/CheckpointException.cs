using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>A checkpoint is of another training, or it is not said whether to go on from it. The message says what to do.</summary>
public sealed class CheckpointException : InvalidOperationException, IDescribed
{
    private readonly OptionMessage _message;

    internal CheckpointException(OptionMessage message, IReadOnlyList<CheckpointDifference>? differences = null)
        : base(message.ToSentence()) => (_message, Differences) = (message, differences ?? []);

    /// <summary>Gets in what the checkpoint is of another training; empty where it is of this one.</summary>
    public IReadOnlyList<CheckpointDifference> Differences { get; }

    string IDescribed.Describe(OptionWords words) => _message.Write(words);
}
