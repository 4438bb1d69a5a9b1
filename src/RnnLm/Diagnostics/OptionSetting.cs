namespace RnnLm.Diagnostics;

/// <summary>An option with a value, as a message speaks of it.</summary>
/// <param name="Option">The option.</param>
/// <param name="Value">The value: a number, a text, a Boolean or an enum.</param>
internal readonly record struct OptionSetting(OptionId Option, object Value)
{
    /// <summary>Returns the setting in C#.</summary>
    public override string ToString() => OptionWords.CSharp.Setting(Option, Value);
}
