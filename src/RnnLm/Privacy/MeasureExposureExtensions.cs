using RnnLm.Diagnostics;
using RnnLm.Privacy;

namespace RnnLm;

/// <summary>Measures what models remember of canaries.</summary>
public static class MeasureExposureExtensions
{
    /// <summary>
    /// Measures the exposure of canaries that were planted in the training data (Carlini et al., arXiv 1802.08232): how likely the model
    /// finds each, among all texts of their format.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="canaries">The canaries.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <returns>The exposure of each.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="FormatException">The model is one of pairs, and a canary is none; or it does not know a condition.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ExposureReport MeasureExposure(this RnnLanguageModel model, CanarySet canaries, ExposureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(canaries);
        options ??= new ExposureOptions();
        var faults = new OptionFaults();
        options.Check(faults);
        faults.ThrowIfAny(nameof(options));
        return new ExposureMeter(model, canaries, options).Measure();
    }
}
