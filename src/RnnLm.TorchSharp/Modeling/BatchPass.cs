using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>Runs minibatches through a module: what training, evaluation and inference have in common, for either kind of model.</summary>
internal abstract class BatchPass(CharRnnModule module, ModelConfig config)
{
    protected CharRnnModule Module => module;

    protected ModelConfig Config => config;

    public static BatchPass Create(CharRnnModule module, ModelConfig config) =>
        config.Task == ModelTask.LanguageModel ? new TokenPass(module, config) : new ClassPass(module, config);

    /// <summary>Runs a batch forward.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="carried">The state at the end of the batch before, or null where there is none.</param>
    /// <param name="dropout">The masks, or null for none.</param>
    /// <returns>The logits, time-major, and the states that the next batch may go on from; null where there are none. // [T·B, V] or [B,
    /// C]</returns>
    public (Tensor Logits, RecurrentState? State) Forward(Minibatch batch, RecurrentState? carried, DropoutMasks? dropout)
    {
        MinibatchCheck.Check(batch, config);
        MinibatchCheck.Within(batch.Inputs.AsSpan(0, batch.Length * batch.BatchSize), 0, config.VocabularySize, "input");
        Tensor tokens = HostArrays.ToTensor(batch.Inputs, module.Device, batch.Length, batch.BatchSize);
        bool carries = batch.CarryState && carried is { } before && before.BatchSize == batch.BatchSize;
        return Run(batch, tokens, carries ? carried!.Value : Start(batch), dropout);
    }

    /// <summary>Returns what the batch is to predict. // [T·B] or [B]</summary>
    public abstract Tensor Targets(Minibatch batch);

    /// <summary>Adds to the result of an evaluation what only this kind of model knows.</summary>
    /// <param name="result">The sums over all targets.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="losses">The loss of each target. // [T·B] or [B]</param>
    /// <param name="predicted">The most likely output for each target. // [T·B] or [B]</param>
    public abstract EvaluationResult Complete(EvaluationResult result, Minibatch batch, ReadOnlySpan<float> losses, Tensor predicted);

    protected abstract (Tensor Logits, RecurrentState? State) Run(Minibatch batch, Tensor tokens, RecurrentState start,
        DropoutMasks? dropout);

    /// <summary>Runs all positions fused.</summary>
    protected (Tensor Output, RecurrentState State, Tensor? Lengths) RunFused(Minibatch batch, Tensor tokens, RecurrentState start,
        DropoutMasks? dropout)
    {
        Tensor? lengths = batch.Lengths is null ? null : HostArrays.ToTensor(batch.Lengths, CPU, batch.BatchSize);
        (Tensor output, RecurrentState state) = module.forward(tokens, start, lengths, dropout);
        return (output, state, lengths);
    }

    private RecurrentState Start(Minibatch batch)
    {
        Tensor? conditions = batch.Conditions is null || config.Conditions == 0
            ? null
            : HostArrays.ToTensor(batch.Conditions, module.Device, batch.BatchSize);
        RecurrentState own = module.StartState(batch.BatchSize, conditions);
        return batch.InitialHidden is null
            ? own
            : new(HostArrays.ToTensor(batch.InitialHidden, module.Device, own.Hidden.shape).to(module.Type),
            own.Cell is null ? null : zeros_like(own.Cell));
    }
}
