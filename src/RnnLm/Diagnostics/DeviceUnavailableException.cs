using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>The device or the engine that was asked for is not there, or can't be used. The message says what is missing and what to
/// do.</summary>
public sealed class DeviceUnavailableException : InvalidOperationException, IDescribed
{
    private readonly OptionMessage _message;

    internal DeviceUnavailableException(OptionMessage message)
        : base(message.ToSentence()) => _message = message;

    string IDescribed.Describe(OptionWords words) => _message.Write(words);
}
