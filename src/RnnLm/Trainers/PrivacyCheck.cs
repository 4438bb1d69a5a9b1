using RnnLm.Diagnostics;
using RnnLm.Engines;

namespace RnnLm.Trainers;

/// <summary>Refuses options with which private training would not be private, or could not be done.</summary>
internal static class PrivacyCheck
{
    /// <summary>Says what is wrong with the data of a language model, and why, where training is private.</summary>
    public static void Check(LanguageModelDataOptions data, OptionFaults faults)
    {
        if (data.Mode == DataMode.Stream)
        {
            faults.Add(OptionIds.PrivacyNoise,
                $"protects rows, but with {OptionIds.Mode.Set(DataMode.Stream)} there are none, just one running text; "
                + $"set {OptionIds.Mode.Set(DataMode.Rows)} or {DataMode.Pairs}");
        }

        if (data.KeepTextFilter)
        {
            faults.Add(OptionIds.KeepTextFilter,
                $"would put into the model which rows it was trained on, which {OptionIds.PrivacyNoise} is to hide; leave it out");
        }
    }

    /// <summary>Says what is wrong with the options of every kind of model, and why.</summary>
    public static void Check(TrainerOptions options, OptionFaults faults)
    {
        TrainingOptions training = options.CommonTraining;
        if (!training.IsPrivate)
        {
            if (training.PrivacyClipNorm > 0)
                faults.Add(OptionIds.PrivacyClipNorm,
                    $"is set, but without {OptionIds.PrivacyNoise} nothing is private; set both, or leave both out");
            if (training.PrivacyDelta > 0)
                faults.Add(OptionIds.PrivacyDelta,
                    $"is set, but without {OptionIds.PrivacyNoise} nothing is private; set both, or leave both out");
            return;
        }

        if (training.PrivacyClipNorm == 0)
        {
            faults.Add(OptionIds.PrivacyClipNorm, $"is not set, but the noise of {OptionIds.PrivacyNoise} is a multiple of it: "
                + $"set the norm that the gradient of each row is scaled down to; 1 is usual");
        }

        if (options.Optimizer.AccumulationSteps > 1)
        {
            faults.Add(OptionIds.AccumulationSteps,
                $"is {options.Optimizer.AccumulationSteps}, but the privacy of {OptionIds.PrivacyNoise} is counted by minibatches; "
                + $"leave it at 1 and raise {OptionIds.BatchSize}: rows run by themselves, so that more of them take no more memory");
        }

        if (options.Device.Engine == EngineKind.TorchSharp)
        {
            faults.Add(OptionIds.Engine, $"is {EngineKind.TorchSharp}, which does not clip the gradients of rows by themselves; "
                + $"with {OptionIds.PrivacyNoise}, set {OptionIds.Engine.Set(EngineKind.Managed)}");
        }

        if (options.Device.Device is { } device && ComputeDevice.TryParse(device, out ComputeDevice parsed)
            && parsed.Kind is DeviceKind.Cuda or DeviceKind.Mps)
            faults.Add(OptionIds.Device, $"is {device}, but private training runs on the CPU alone; with {OptionIds.PrivacyNoise}, set "
                + $"{OptionIds.Device.Set("cpu")}");
    }
}
