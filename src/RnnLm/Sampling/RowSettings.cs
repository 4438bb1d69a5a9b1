namespace RnnLm;

/// <summary>The settings that a row may have of its own.</summary>
internal static class RowSettings
{
    /// <summary>Returns temperature and length of a row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is wrong; the message says which, and the row's key.</exception>
    public static (double Temperature, int MaxLength) Check(SamplingOptions options, in GenerationRequest request)
    {
        var faults = new OptionFaults();
        double temperature = request.Temperature ?? options.Temperature;
        int maxLength = request.MaxLength ?? options.MaxLength;
        faults.NotNegative(temperature, $"Temperature of row {request.RowKey}");
        faults.Require(maxLength >= 0 && maxLength <= options.MaxLengthLimit, $"MaxLength of row {request.RowKey}",
            $"must be from 0 to MaxLengthLimit, which is {options.MaxLengthLimit}, but is {maxLength}");
        faults.ThrowIfAny(nameof(request));
        return (temperature, maxLength);
    }
}
