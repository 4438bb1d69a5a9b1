using RnnLm.Diagnostics;
using RnnLm.ModelFiles;

namespace RnnLm.Trainers;

/// <summary>What private training asks of a trainer beside clipping and noise.</summary>
internal static class PrivateTraining
{
    /// <summary>Returns options by which the engine is chosen that can train privately.</summary>
    public static DeviceOptions OnManagedEngine(DeviceOptions options)
    {
        DeviceOptions managed = options.Clone();
        managed.Engine = EngineKind.Managed;
        return managed;
    }

    /// <summary>Warns of what the guarantee does not cover.</summary>
    public static void Warn(TrainerOptions options, SavedModel? previous)
    {
        TrainingOptions training = options.CommonTraining;
        if (training.Seed is not null)
        {
            Warn($"{OptionIds.Seed} is set: whoever learns it can draw the noise again and take it out, so "
                + $"{OptionIds.PrivacyNoise} protects nothing from them. "
                + $"Leave it out for a model that is given away; else keep it secret. The model does not keep it.");
        }

        if ((previous is null || options.Vocabulary.Grow) && options.Vocabulary.Characters is null)
        {
            Warn($"the characters that the model {(previous is null ? "knows" : "learns")} are those of the training rows, which "
                + $"{OptionIds.PrivacyNoise} does not hide. "
                + $"Name them by {OptionIds.Characters}.");
        }

        if (previous is not null)
        {
            Warn($"the ε of {OptionIds.PrivacyNoise} counts what this training tells of its rows. It says nothing of the rows that the "
                + $"previous model was "
                + $"trained on, and of a row that both were trained on it says too little.");
        }

        void Warn(OptionMessage message) => training.Log?.Report(new(LogSeverity.Warning, message));
    }
}
