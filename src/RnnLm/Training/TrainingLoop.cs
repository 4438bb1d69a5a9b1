using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Training;

/// <summary>
/// The one training loop, for every model, data mode and engine. Data, schedule, watching and keeping are here; the arithmetic is the
/// session's.
/// </summary>
internal sealed class TrainingLoop
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly ITrainingSession _session;
    private readonly ModelConfig _config;
    private readonly BatchSource _training;
    private readonly ValidationData? _validation;
    private readonly OptimizerOptions _optimizer;
    private readonly TrainingOptions _options;
    private readonly long _seed;
    private readonly BatchShaper _shaper;
    private readonly BestWeights _best;
    private readonly AveragedWeights? _average;
    private readonly TrainingClock _clock;
    private readonly TrainingMeter _meter;
    private readonly TrainingCheckpoint? _checkpoint;
    private readonly PrivacyAccount? _privacy;
    private long _step;

    public TrainingLoop(
        ITrainingSession session, ModelConfig config, BatchSource training, ValidationData? validation, BatchShaper shaper,
        OptimizerOptions optimizer, TrainingOptions options, long seed, TrainingCheckpoint? checkpoint)
    {
        (_session, _config, _training, _validation, _shaper) = (session, config, training, validation, shaper);
        (_optimizer, _options, _seed, _checkpoint) = (optimizer, options, seed, checkpoint);
        _best = new BestWeights(config, options.BestBy);
        _average = options.AveragingDecay > 0 ? new AveragedWeights(config, options.AveragingDecay) : null;
        _clock = new TrainingClock(options, BoundInSteps());
        _privacy = options.IsPrivate ? new PrivacyAccount(options, training.Sampling!) : null;
        _meter = new TrainingMeter(config.OutputSize, watches: _privacy is null);
    }

    /// <summary>Trains to the end, and returns the best weights.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and there is nothing to keep or the options say so.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged before there was anything to keep.</exception>
    public (ModelWeights Weights, TrainingSummary Summary) Run()
    {
        Resume();
        AnnouncePrivacy();
        _options.CancellationToken.ThrowIfCancellationRequested();
        long evaluateEvery = _options.EvaluateEvery > 0 ? _options.EvaluateEvery : StepsPerEpoch;
        StopReason? stop = _clock.IsOver(_step);
        if (stop is not null)
            Watch(rate: 0, evaluate: true);
        while (stop is null)
        {
            double rate = LearningRate.At(_optimizer, _step, Epoch(_step), _clock.Fraction(_step), _clock.ShareOf(_optimizer.WarmupSteps));
            TrainOneStep(rate);
            _step++;
            _average?.Take(_session, _step);

            stop = _options.CancellationToken.IsCancellationRequested ? StopReason.Cancelled : _clock.IsOver(_step);
            bool scheduled = _step % evaluateEvery == 0, save = stop is not null || IsCheckpointDue(evaluateEvery);
            // The evaluation at an end that is not on the schedule is no part of a training that goes on from here.
            if (save && !scheduled)
                SaveCheckpoint();
            if (scheduled || stop is not null || IsReportDue())
                stop = Watch(rate, evaluate: stop != StopReason.Cancelled && (scheduled || stop is not null)) ?? stop;
            if (scheduled && (save || stop is not null))
                SaveCheckpoint();
        }

        return (Choose(stop.Value), Summarize(stop.Value));
    }

    private long StepsPerEpoch => Math.Max(1, _training.BatchesPerEpoch / _optimizer.AccumulationSteps);

    /// <summary>Returns the epoch that a step belongs to, from 0.</summary>
    private long Epoch(long step) => step * _optimizer.AccumulationSteps / _training.BatchesPerEpoch;

    private long? BoundInSteps()
    {
        long? epochs = _options.Epochs > 0
            ? ((_options.Epochs * _training.BatchesPerEpoch) + _optimizer.AccumulationSteps - 1) / _optimizer.AccumulationSteps
            : null;
        return _options.MaxSteps > 0 ? Math.Min(_options.MaxSteps, epochs ?? long.MaxValue) : epochs;
    }

    /// <summary>One update of the weights, from one minibatch or from several.</summary>
    private void TrainOneStep(double rate)
    {
        for (int part = 0; part < _optimizer.AccumulationSteps; part++)
        {
            long number = (_step * _optimizer.AccumulationSteps) + part;
            Minibatch batch = _training.Get(number);
            _shaper.ShapeForTraining(batch, number);
            _session.Accumulate(batch);
        }

        _session.Update(rate);
    }

    /// <summary>Looks at the losses since the last time, evaluates if it is time, keeps the weights if they are the best, and
    /// reports.</summary>
    /// <returns>A reason to stop, if there is one.</returns>
    private StopReason? Watch(double rate, bool evaluate)
    {
        _meter.Take(_session.TakeStatistics());
        TimeSpan trained = _clock.SinceReport;
        if (_step > 0)
            _average?.PutInto(_session);
        (EvaluationResult Result, TextEvaluation? Text)? found = evaluate && !_meter.Divergence.HasDiverged ? Evaluate() : null;
        EvaluationResult? validation = found?.Result;
        if (validation is { } result)
            _meter.Divergence.Take(result);
        if (_meter.IsSound)
            _best.Offer(_session, _step, validation, found?.Text);
        if (_step > 0)
            _average?.TakeOutOf(_session);
        TrainingProgress report = _meter.Report(_clock, trained, _step, Epoch(_step - 1) + 1, rate, validation, found?.Text, _best.Loss,
            _privacy?.After(_step).Epsilon);
        _options.Progress?.Report(report);
        if (_meter.Divergence.HasDiverged)
            return StopReason.Diverged;
        return _options.Patience > 0 && _best.EvaluationsSince >= _options.Patience ? StopReason.EarlyStopping : null;
    }

    private (EvaluationResult Result, TextEvaluation? Text)? Evaluate() =>
        _validation?.Evaluate(_session, _shaper, _options.CancellationToken);

    private bool IsReportDue() => _options.ReportEvery > 0 ? _step % _options.ReportEvery == 0 : _clock.SinceReport >= ReportInterval;

    private bool IsCheckpointDue(long evaluateEvery) =>
        _step % (_options.CheckpointEvery > 0 ? _options.CheckpointEvery : evaluateEvery) == 0;

    private ModelWeights Choose(StopReason stop)
    {
        if (stop == StopReason.Cancelled && _options.OnCancel == CancellationBehavior.Throw)
            throw new OperationCanceledException(_options.CancellationToken);
        bool diverged = stop == StopReason.Diverged;
        if (!diverged)
            _best.ConfirmLatest();
        OptionMessage advice =
            $"{OptionIds.LearningRate} (it was {_optimizer.LearningRate}), or clip the gradients ({OptionIds.ClipNorm})";
        OptionMessage what = $"training diverged: {_meter.Divergence.Describe()} at step {_step:N0}. Lower {advice}.";
        if (_best.Step < 0 || (diverged && IsBestRuined()))
            throw new TrainingDivergedException(what);
        if (diverged)
            Warn($"{what} The weights of step {_best.Step:N0} are kept.");
        else if (_options.BestBy == ValidationMetric.Loss && (_best.Loss ?? _meter.Loss) > 1.1 * _meter.Divergence.GuessingLoss)
            Warn($"the model is worse than guessing: its loss is {_best.Loss ?? _meter.Loss:F2}, that of guessing "
                + $"{_meter.Divergence.GuessingLoss:F2} nats. Train it longer. If it does not get better, lower {advice}.");
        return _best.Weights;
    }

    /// <summary>
    /// Says whether the best weights are part of the explosion too: those that no evaluation spoke for may owe it to a batch that was easy
    /// to get right, and the first evaluation may have come too late.
    /// </summary>
    private bool IsBestRuined()
    {
        double? loss = _best.Loss;
        if (loss is null)
        {
            _session.WriteWeights(_best.Weights);
            loss = Evaluate()?.Result.Loss;
        }

        return loss is { } known && (!double.IsFinite(known) || _meter.Divergence.IsFarAbove(known));
    }

    private void Warn(OptionMessage message) => _options.Log?.Report(new(LogSeverity.Warning, message));

    private TrainingSummary Summarize(StopReason stop) => new()
    {
        StopReason = stop,
        Steps = _step,
        Elapsed = _clock.Elapsed,
        Loss = _meter.History.LastOrDefault(report => double.IsFinite(report.Loss))?.Loss ?? double.NaN,
        SmoothedLoss = _meter.SmoothedLoss,
        ValidationLoss = _best.Loss,
        Validation = _best.Validation,
        BestStep = _best.Step,
        CharactersPerSecond = _meter.TotalTargets / Math.Max(1e-9, _clock.Elapsed.TotalSeconds),
        Seed = _seed,
        Privacy = _privacy?.After(_step),
        History = [.. _meter.History],
    };

    private void AnnouncePrivacy()
    {
        if (_privacy is null)
            return;
        PrivacyGuarantee planned = _privacy.After(_clock.TotalSteps ?? 0);
        OptionMessage steps = _clock.TotalSteps is { } total
            ? $" ε = {planned.Epsilon:G3} after all {Counted.Of(total, "step")}, at"
            : (OptionMessage)$"";
        _options.Log?.Report(new(LogSeverity.Info,
            $"Private training: each of {Counted.Of(_training.Sampling!.Rows, "row")} joins a step with "
            + $"probability {planned.SamplingRate:G3};{steps} δ = {planned.Delta:G3}."
            + $"{(_validation is null ? "" : " Rows for validation are not protected.")}"));
    }

    private void SaveCheckpoint()
    {
        if (_checkpoint is null)
            return;
        // What is not yet looked at must not be lost, nor counted twice.
        _meter.Take(_session.TakeStatistics());
        if (!_meter.IsSound)
            return;
        try
        {
            _checkpoint.Save(_session, _best, _average, _config, new TrainingState
            {
                Step = _step,
                Seed = _seed,
                Elapsed = _clock.Elapsed,
                Meter = _meter.Save(),
                BestStep = _best.Step,
                BestLoss = _best.Loss,
                BestScore = _best.Score,
                BestValidation = _best.Validation,
                EvaluationsSinceBest = _best.EvaluationsSince,
            });
        }
        catch (IOException e)
        {
            // What has been trained is worth more than a checkpoint of it, and a disk that is full now may have room for the next one.
            _options.Log?.Report(new(LogSeverity.Warning, $"The checkpoint of step {_step:N0} could not be saved, and the one before it, "
                + $"if there is one, is kept. Training goes on. {e.Message}"));
        }
    }

    private void Resume()
    {
        if (_checkpoint?.Restore(_session, _best, _average, _config) is not { } state)
            return;
        if (_clock.TotalSteps < state.Step)
        {
            throw new OptionsException(OptionIds.Resume,
                $"can't go on: the checkpoint has {Counted.Of(state.Step, "step")} behind it, more than the {_clock.TotalSteps:N0} that "
                + $"{OptionIds.Epochs} and {OptionIds.MaxSteps} allow. Raise them, or train without {OptionIds.Resume} to begin anew");
        }

        _step = state.Step;
        _clock.Resume(state.Elapsed);
        _meter.Restore(state.Meter);
        if (!_meter.IsSound)
            throw _checkpoint.Damaged(new FormatException("its losses are those of a training that diverged"));
        _options.Log?.Report(new(LogSeverity.Info, $"Going on from step {_step:N0}."));
    }
}
