using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>The data given for training, evaluation or use are wrong: too little, damaged, or not of the form that was asked for.</summary>
public sealed class TextDataException : FormatException, IDescribed
{
    private readonly OptionMessage _problem;

    internal TextDataException(OptionMessage problem, string? sourceName = null, long? line = null, Exception? inner = null)
        : base(Stop(sourceName is null ? At(problem, null, line).ToSentence() : At(problem, sourceName, line).ToString()), inner) =>
        (_problem, SourceName, Line) = (problem, sourceName, line);

    /// <summary>Gets the file that the fault is in, or <see langword="null"/> where the data did not come from a file.</summary>
    public string? SourceName { get; }

    /// <summary>
    /// Gets the line of the file, from 1; where rows were handed in, the number of the row, from 1; <see langword="null"/> where the fault
    /// is in no one place.
    /// </summary>
    public long? Line { get; }

    /// <summary>Returns the same fault with the place that is known further out.</summary>
    internal TextDataException In(string sourceName, long? line) => new(_problem, sourceName, line, this);

    string IDescribed.Describe(OptionWords words) => Stop(At(_problem, SourceName, Line).Write(words));

    /// <summary>Ends a message of several sentences with a full stop.</summary>
    private static string Stop(string text) => text.Contains(". ", StringComparison.Ordinal) && text[^1] != '.' ? $"{text}." : text;

    private static OptionMessage At(OptionMessage problem, string? source, long? line) => (source, line) switch
    {
        (null, null) => problem,
        (null, _) => $"row {line}: {problem}",
        (_, null) => $"{source}: {problem}",
        _ => $"{source}:{line}: {problem}",
    };
}
