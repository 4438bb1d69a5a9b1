using RnnLm.Cli.Sources;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Options;

/// <summary>Refuses options that were set and change nothing beside the others: whoever sets one thinks that it does something.</summary>
internal sealed class IdleOptions
{
    private readonly TrainingConfig _config;
    private readonly OptionFaults _all, _faults;

    private IdleOptions(TrainingConfig config, OptionFaults all, string group) => (_config, _all, _faults) = (config, all, all.In(group));

    /// <exception cref="OptionsException">Options are set that change nothing; the message says beside which they would.</exception>
    public static void Check(TrainingConfig config)
    {
        var faults = new OptionFaults();
        LanguageModelOptions options = config.Options, standard = new();
        new IdleOptions(config, faults, "Model").Check(options.Model, standard.Model);
        new IdleOptions(config, faults, "Vocabulary").Check(options.Vocabulary, standard.Vocabulary);
        new IdleOptions(config, faults, "Data").Check(options.Data, standard.Data);
        new IdleOptions(config, faults, "Optimizer").Check(options.Optimizer, standard.Optimizer);
        new IdleOptions(config, faults, "Training").Check(options.Training, standard.Training);
        new IdleOptions(config, faults, "Device").Check(options.Device, standard.Device);
        faults.ThrowIfAny(nameof(config));
    }

    private void Check(DeviceOptions set, DeviceOptions standard)
    {
        bool cpu = set.Engine == EngineKind.Managed || string.Equals(set.Device, "cpu", StringComparison.OrdinalIgnoreCase);
        Refuse(cpu, nameof(set.MixedPrecision), set.MixedPrecision, standard.MixedPrecision, $"is for GPUs, but the CPU is asked for");
    }

    private void Check(ModelOptions set, ModelOptions standard)
    {
        OptionId cell = _faults[nameof(set.Cell)], initialization = _faults[nameof(set.Initialization)];
        Refuse(set.Cell != CellType.Rnn, nameof(set.Nonlinearity), set.Nonlinearity, standard.Nonlinearity,
            $"is for {cell.Set(CellType.Rnn)}");
        Refuse(set.Layers == 1, nameof(set.Dropout), set.Dropout, standard.Dropout,
            $"drops what goes from one layer to the next, but there is one layer; {_faults[nameof(set.OutputDropout)]} drops its outputs");
        Refuse(set.Initialization != WeightInitialization.Normal, nameof(set.InitializationStandardDeviation),
            set.InitializationStandardDeviation, standard.InitializationStandardDeviation,
            $"is for {initialization.Set(WeightInitialization.Normal)}");
    }

    private void Check(VocabularyOptions set, VocabularyOptions standard) =>
        Refuse(_config.Previous is null, nameof(set.Grow), set.Grow, standard.Grow,
            $"is for a model that is trained further, by {SourceIds.Previous}");

    private void Check(LanguageModelDataOptions set, LanguageModelDataOptions standard)
    {
        bool stream = _config.Mode == DataMode.Stream, random = set.WindowOrder == WindowOrder.Random;
        OptionMessage running = $"is for {OptionIds.Mode.Set(DataMode.Stream)}";
        Refuse(!stream, nameof(set.SequenceLength), set.SequenceLength, standard.SequenceLength, running);
        Refuse(!stream, nameof(set.WindowOrder), set.WindowOrder, standard.WindowOrder, running);
        Refuse(!stream || !random, nameof(set.WindowStride), set.WindowStride, standard.WindowStride,
            stream ? $"is for {OptionIds.WindowOrder.Set(WindowOrder.Random)}" : running);
        Refuse(!stream || random, nameof(set.HiddenState), set.HiddenState, standard.HiddenState,
            stream ? $"is for {OptionIds.WindowOrder.Set(WindowOrder.Sequential)}" : running);
        Refuse(stream, nameof(set.MaxRowLength), set.MaxRowLength, standard.MaxRowLength,
            $"is for {OptionIds.Mode.Set(DataMode.Rows)} or {DataMode.Pairs}");
    }

    private void Check(OptimizerOptions set, OptimizerOptions standard)
    {
        OptionId kind = _faults[nameof(set.Kind)], schedule = _faults[nameof(set.Schedule)];
        bool adam = set.Kind is OptimizerKind.Adam or OptimizerKind.AdamW, steps = set.Schedule == LearningRateSchedule.StepDecay;
        OptionMessage adams = $"is for {kind.Set(OptimizerKind.Adam)} or {OptimizerKind.AdamW}";
        OptionMessage decays = $"is for {schedule.Set(LearningRateSchedule.StepDecay)}";
        Refuse(set.Kind is not (OptimizerKind.Sgd or OptimizerKind.RmsProp), nameof(set.Momentum), set.Momentum, standard.Momentum,
            $"is for {kind.Set(OptimizerKind.Sgd)} or {OptimizerKind.RmsProp}");
        Refuse(!adam, nameof(set.Beta1), set.Beta1, standard.Beta1, adams);
        Refuse(!adam, nameof(set.Beta2), set.Beta2, standard.Beta2, adams);
        Refuse(set.Kind != OptimizerKind.RmsProp, nameof(set.Alpha), set.Alpha, standard.Alpha,
            $"is for {kind.Set(OptimizerKind.RmsProp)}");
        Refuse(set.Kind == OptimizerKind.Sgd, nameof(set.Epsilon), set.Epsilon, standard.Epsilon,
            $"is not for {kind.Set(OptimizerKind.Sgd)}");
        Refuse(!steps, nameof(set.DecayFactor), set.DecayFactor, standard.DecayFactor, decays);
        Refuse(!steps, nameof(set.DecayEpochs), set.DecayEpochs, standard.DecayEpochs, decays);
        Refuse(set.Schedule is not (LearningRateSchedule.Linear or LearningRateSchedule.Cosine), nameof(set.FinalLearningRateFraction),
            set.FinalLearningRateFraction, standard.FinalLearningRateFraction,
            $"is for {schedule.Set(LearningRateSchedule.Linear)} or {LearningRateSchedule.Cosine}");
    }

    private void Check(TrainingOptions set, TrainingOptions standard)
    {
        bool own = _config.Source.Validation.Count > 0, evaluates = own || set.ValidationFraction > 0;
        OptionMessage nothing = $"needs validation data: give {SourceIds.Validation}, or {OptionIds.ValidationFraction} above 0";
        Refuse(own && set.ValidationFraction != 0, nameof(set.ValidationFraction), set.ValidationFraction, standard.ValidationFraction,
            $"keeps data apart, but there are validation data by {SourceIds.Validation}");
        Refuse(!evaluates, nameof(set.BestBy), set.BestBy, standard.BestBy, nothing);
        Refuse(!evaluates, nameof(set.Patience), set.Patience, standard.Patience, nothing);
        Refuse(set.CheckpointPath is null, nameof(set.CheckpointEvery), set.CheckpointEvery, standard.CheckpointEvery,
            $"needs {_faults[nameof(set.CheckpointPath)]}, the file to write");
    }

    /// <summary>An option that is at its default asks for nothing: a configuration may say it for its readers.</summary>
    private void Refuse<T>(bool idle, string option, T set, T standard, OptionMessage problem)
    {
        if (idle && _config.IsSet(_faults[option]) && !EqualityComparer<T>.Default.Equals(set, standard))
            _all.Add(_faults[option], $"{problem}; leave it out");
    }
}
