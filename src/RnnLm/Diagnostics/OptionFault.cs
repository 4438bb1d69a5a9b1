using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>What is wrong with one option.</summary>
public sealed class OptionFault
{
    private readonly OptionId _option;
    private readonly OptionMessage _problem;

    internal OptionFault(OptionId option, OptionMessage problem) => (_option, _problem) = (option, problem);

    /// <summary>
    /// Gets the group of the option, such as <c>Model</c> for <see cref="LanguageModelOptions.Model"/>; empty for an option that is in no
    /// group.
    /// </summary>
    public string Group => _option.Group;

    /// <summary>Gets the property of the option, such as <c>HiddenSize</c>.</summary>
    public string Property => _option.Property;

    /// <summary>Gets what is wrong, and what to do: <c>must be from 1 to 16384, but is 0</c>.</summary>
    public string Problem => _problem.ToString();

    /// <summary>Returns the option and what is wrong with it.</summary>
    public override string ToString() => Describe(OptionWords.CSharp);

    internal string Describe(OptionWords words) => $"{words.Subject(_option)} {_problem.Write(words)}";
}
