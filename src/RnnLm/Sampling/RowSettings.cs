namespace RnnLm;

/// <summary>The settings that a row may have of its own.</summary>
internal static class RowSettings
{
    /// <summary>Returns temperature and length of a row.</summary>
    /// <exception cref="OptionsException">One is wrong; the message says which, and the row's key.</exception>
    public static (double Temperature, int MaxLength) Check(SamplingOptions options, in GenerationRequest request)
    {
        double temperature = request.Temperature ?? options.Temperature;
        int maxLength = request.MaxLength ?? options.MaxLength;
        bool isTemperature = temperature >= 0 && double.IsFinite(temperature), isLength = maxLength >= 0 && maxLength <= options.MaxLengthLimit;
        if (isTemperature && isLength)
            return (temperature, maxLength);
        OptionFaults faults = new OptionFaults().In("Sampling");
        faults.Require(isTemperature, nameof(SamplingOptions.Temperature),
            $"of the row with key {request.RowKey} must be a finite number of at least 0, but is {temperature}");
        faults.Require(isLength, nameof(SamplingOptions.MaxLength),
            $"of the row with key {request.RowKey} must be from 0 to {faults[nameof(options.MaxLengthLimit)]}, which is {options.MaxLengthLimit}, but is {maxLength}");
        faults.ThrowIfAny(nameof(request));
        return (temperature, maxLength);
    }
}
