using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Privacy;

/// <summary>Why a model can hardly have read canaries, so that their exposure says nothing of what it remembers.</summary>
internal static class CanaryDoubt
{
    /// <summary>Returns the reason, or null where there is none.</summary>
    /// <param name="canaries">The canaries.</param>
    /// <param name="exposure">Their exposure.</param>
    /// <param name="record">What the model says of its training.</param>
    public static string? Of(CanarySet canaries, ExposureReport exposure, TrainingRecord record)
    {
        if (canaries.PlantedRows == 0)
            return null;
        if (exposure.UnknownCharacters.Length > 0)
            return $"the model does not know '{CommandContext.OneLine(exposure.UnknownCharacters)}', which each canary has, so that it did "
                + "not read them as they are";
        return canaries.FileName is { } file && record.OtherFiles(file) is { } files
            ? $"the canaries were planted in {file}, but the model was trained on {files}" : null;
    }
}
