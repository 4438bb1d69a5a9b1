using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>A checkpoint is of another training, or it is not said whether to go on from it. The message says what to do.</summary>
public sealed class CheckpointException : InvalidOperationException, IDescribed
{
    private readonly OptionMessage _message;

    internal CheckpointException(OptionMessage message)
        : base(message.ToSentence()) => _message = message;

    string IDescribed.Describe(OptionWords words) => _message.Write(words);
}
