using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>One way in which the training of a checkpoint differs from the one that was to go on from it: an option, or the data.</summary>
public sealed class CheckpointDifference
{
    private const int LongestText = 60;

    private readonly OptionId _name;
    private readonly Type _type;
    private readonly bool _wasKnown;

    internal CheckpointDifference(OptionId name, Type type, bool wasKnown, string? was, string? now) =>
        (_name, _type, _wasKnown, Was, Now) = (name, type, wasKnown, was, now);

    /// <summary>Gets the group of the option, such as <c>Optimizer</c>; empty for data and models.</summary>
    public string Group => _name.Group;

    /// <summary>
    /// Gets the option, such as <c>LearningRate</c>; or <c>Text</c>, <c>Vocabulary</c>, <c>Labels</c>, <c>Conditions</c>,
    /// <c>ValidationText</c>, <c>PreviousModel</c>.
    /// </summary>
    public string Property => _name.Property;

    /// <summary>Gets the value that the checkpoint was made with, in invariant form; <see langword="null"/> where there was none.</summary>
    public string? Was { get; }

    /// <summary>Gets the value that is asked for now, in invariant form; <see langword="null"/> where there is none.</summary>
    public string? Now { get; }

    /// <summary>Returns the difference in words: <c>Optimizer.LearningRate was 0.002, is 0.003</c>.</summary>
    public override string ToString() => Message.ToString();

    internal OptionMessage Message
    {
        get
        {
            // In two statements: a conditional expression of the two would be a string, in the words of C#.
            if (Group.Length == 0)
                return $"{Noun} {(IsPlural ? "were" : "was")} {Was ?? "none"}, {(IsPlural ? "are" : "is")} {Now ?? "none"}";
            return $"{_name} was {(_wasKnown ? Value(Was) : "not known to the version that wrote it")}, is {Value(Now)}";
        }
    }

    /// <summary>Gets whether the noun is that of conditions or labels.</summary>
    private bool IsPlural => Property.EndsWith('s');

    private string Noun => Property switch
    {
        "ValidationText" => "the validation text",
        "PreviousModel" => "the previous model",
        _ => "the " + Property.ToLowerInvariant(),
    };

    private object Value(string? text)
    {
        if (text is null)
            return "not set";
        if (_type.IsEnum && Enum.TryParse(_type, text, out object? value))
            return value!;
        if (_type == typeof(bool))
            return text.ToLowerInvariant();
        string shown = text.Length > LongestText ? text[..LongestText] + "…" : text;
        return _type == typeof(string) ? $"'{shown}'" : shown;
    }
}
