using System.Runtime.CompilerServices;

namespace RnnLm.Diagnostics;

/// <summary>Gathers what is wrong with options, so that one message names every fault.</summary>
internal sealed class OptionFaults
{
    private readonly List<OptionFault> _faults;
    private readonly string _group;

    /// <summary>Begins with no fault, for options that stand in no group.</summary>
    public OptionFaults()
        : this("", [])
    {
    }

    private OptionFaults(string group, List<OptionFault> faults) => (_group, _faults) = (group, faults);

    /// <summary>Gets an option of the group, for use in a message.</summary>
    public OptionId this[string option] => new(_group, option);

    /// <summary>Returns what gathers the faults of a group together with those found here.</summary>
    public OptionFaults In(string group) => new(group, _faults);

    public void Require(bool condition, string option, OptionMessage fault)
    {
        if (!condition)
            Add(this[option], fault);
    }

    public void Add(OptionId option, OptionMessage fault) => _faults.Add(new(option, fault));

    public void InRange(long value, long least, long most, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(value >= least && value <= most, option, $"must be from {least} to {most}, but is {value}");

    public void AtLeast(long value, long least, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(value >= least, option, $"must be at least {least}, but is {value}");

    /// <summary>NaN and infinities fail every one of the checks on real numbers.</summary>
    public void Positive(double value, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(value > 0 && double.IsFinite(value), option, $"must be a finite number above 0, but is {value}");

    public void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(value >= 0 && double.IsFinite(value), option, $"must be a finite number of at least 0, but is {value}");

    public void Probability(double value, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(value is >= 0 and < 1, option, $"must be at least 0 and below 1, but is {value}");

    /// <summary>Requires a share of which there must be some: of 0 nothing would be left.</summary>
    public void PositiveShare(double value, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(value is > 0 and <= 1, option, $"must be above 0 and at most 1, but is {value}");

    public void Share(double value, [CallerArgumentExpression(nameof(value))] string option = "") =>
        Require(value is >= 0 and <= 1, option, $"must be from 0 to 1, but is {value}");

    public void Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string option = "") where T : struct, Enum =>
        Require(Enum.IsDefined(value), option,
        $"has no meaning for {value}; choose one of {(Enum[])[.. Enum.GetValues<T>().Select(known => (Enum)known)]}");

    /// <summary>Returns what was found, one after the other; empty where nothing was.</summary>
    public string Describe(OptionWords words) => string.Join("; ", _faults.Select(fault => fault.Describe(words)));

    /// <exception cref="OptionsException">Something was found.</exception>
    public void ThrowIfAny(string parameterName)
    {
        if (_faults.Count > 0)
            throw new OptionsException([.. _faults], parameterName);
    }
}
