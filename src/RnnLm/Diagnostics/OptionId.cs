namespace RnnLm.Diagnostics;

/// <summary>An option as a message speaks of it; whoever shows the message writes its name in the words of its users.</summary>
/// <param name="Group">The group, as the options as a whole name it: <c>Model</c>; empty for an option that stands by itself.</param>
/// <param name="Property">The property: <c>HiddenSize</c>.</param>
internal readonly record struct OptionId(string Group, string Property)
{
    /// <summary>Returns the option set to a value, as advice: <c>Training.ValidationFraction = 0</c>.</summary>
    public OptionSetting Set(object value) => new(this, value);

    /// <summary>Returns the name in C#.</summary>
    public override string ToString() => OptionWords.CSharp.Name(this);
}
