namespace RnnLm;

/// <summary>Gathers what is wrong with a set of options, so that one message names every fault.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    public void Require(bool condition, string option, string fault)
    {
        if (!condition)
            _faults.Add($"{option} {fault}");
    }

    public void InRange(long value, long least, long most, string option) =>
        Require(value >= least && value <= most, option, $"must be from {least} to {most}, but is {value}");

    public void AtLeast(long value, long least, string option) =>
        Require(value >= least, option, $"must be at least {least}, but is {value}");

    /// <summary>NaN and infinities fail every one of the checks on real numbers.</summary>
    public void Positive(double value, string option) =>
        Require(value > 0 && double.IsFinite(value), option, $"must be a finite number above 0, but is {value}");

    public void NotNegative(double value, string option) =>
        Require(value >= 0 && double.IsFinite(value), option, $"must be a finite number of at least 0, but is {value}");

    public void Probability(double value, string option) =>
        Require(value is >= 0 and < 1, option, $"must be at least 0 and below 1, but is {value}");

    public void Share(double value, string option) =>
        Require(value is >= 0 and <= 1, option, $"must be from 0 to 1, but is {value}");

    public void Defined<T>(T value, string option) where T : struct, Enum =>
        Require(Enum.IsDefined(value), option, $"has no meaning for {value}; choose one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Lists the faults; empty where there are none.</summary>
    public override string ToString() => string.Join("; ", _faults);

    public void ThrowIfAny(string parameterName)
    {
        if (_faults.Count == 1)
            throw new ArgumentOutOfRangeException(parameterName, $"{_faults[0]}.");
        if (_faults.Count > 1)
            throw new ArgumentOutOfRangeException(parameterName, $"{_faults.Count} options are wrong: {this}.");
    }
}
