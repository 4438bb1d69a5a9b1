using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>
/// What was asked for takes more memory than the machine, or the container, has. It was refused before any of it was taken; the message
/// says how much is needed, how much is there, and what to do.
/// </summary>
public sealed class MemoryLimitException : InvalidOperationException, IDescribed
{
    private readonly OptionMessage _message;

    internal MemoryLimitException(OptionMessage message)
        : base(message.ToSentence()) => _message = message;

    /// <summary>Returns the same fault of a file.</summary>
    internal MemoryLimitException In(string subject) => new((OptionMessage)$"{subject} can't be loaded: {_message}");

    string IDescribed.Describe(OptionWords words) => _message.Write(words);
}
