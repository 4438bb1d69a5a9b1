using RnnLm.Diagnostics;
using RnnLm.Drawing;

namespace RnnLm.Generation;

/// <summary>The settings that a row may have of its own.</summary>
internal static class RowSettings
{
    /// <summary>Returns temperature and limits of a row.</summary>
    /// <exception cref="OptionsException">A setting is wrong; the message says which, and the row's key.</exception>
    public static (double Temperature, TextLimits Limits) Check(SamplingSettings settings, in GenerationRequest request)
    {
        SamplingOptions options = settings.Options;
        double temperature = request.Temperature ?? options.Temperature;
        int maxLength = request.MaxLength ?? options.MaxLength;
        string row = request.OfRow;
        OptionFaults faults = new OptionFaults().In("Sampling");
        faults.Require(temperature >= 0 && double.IsFinite(temperature), nameof(SamplingOptions.Temperature),
            $"{row}must be a finite number of at least 0, but is {temperature}");
        faults.Require(maxLength >= 0 && maxLength <= options.MaxLengthLimit, nameof(SamplingOptions.MaxLength),
            $"{row}must be from 0 to {faults[nameof(options.MaxLengthLimit)]}, which is {options.MaxLengthLimit}, but is {maxLength}");
        faults.ThrowIfAny(nameof(request));
        TextLimits limits = settings.NewLimits(maxLength, request.Pattern, request.Prompt.Span, faults, row);
        faults.ThrowIfAny(nameof(request));
        return (temperature, limits);
    }
}
