using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>Training diverged before there were any weights worth keeping. The message says what to change.</summary>
public sealed class TrainingDivergedException : InvalidOperationException, IDescribed
{
    private readonly OptionMessage _message;

    internal TrainingDivergedException(OptionMessage message)
        : base(message.ToSentence()) => _message = message;

    string IDescribed.Describe(OptionWords words) => _message.Write(words);
}
