using RnnLm.Engines;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>Runs minibatches through a module: what training, evaluation and inference have in common.</summary>
internal sealed class BatchPass(CharRnnModule module, ModelConfig config)
{
    /// <summary>Runs a batch forward.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="carried">The state at the end of the batch before, or null where there is none.</param>
    /// <param name="dropout">The masks, or null for none.</param>
    /// <returns>The logits, time-major, and the states at the ends. // [T·B, V] or [B, C]</returns>
    public (Tensor Logits, RecurrentState State) Forward(Minibatch batch, RecurrentState? carried, DropoutMasks? dropout)
    {
        MinibatchCheck.Check(batch, config);
        MinibatchCheck.Within(batch.Inputs.AsSpan(0, batch.Length * batch.BatchSize), 0, config.VocabularySize, "input");
        Tensor tokens = HostArrays.ToTensor(batch.Inputs, module.Device, batch.Length, batch.BatchSize);
        bool carries = batch.CarryState && carried is { } before && before.BatchSize == batch.BatchSize;
        RecurrentState start = carries ? carried!.Value : Start(batch);
        if (config.Task == ModelTask.LanguageModel && batch.FreeRunning?.Contains(true) == true)
            return FreeRun(batch, tokens, start, dropout);

        Tensor? lengths = batch.Lengths is null ? null : HostArrays.ToTensor(batch.Lengths, CPU, batch.BatchSize);
        (Tensor output, RecurrentState state) = module.forward(tokens, start, lengths, dropout);
        if (config.Task == ModelTask.Classification)
            output = module.Pool(output, state, lengths);
        return (module.Project(output, dropout).reshape(-1, config.OutputSize), state);
    }

    /// <summary>Returns what the batch is to predict. // [T·B] or [B]</summary>
    public Tensor Targets(Minibatch batch)
    {
        bool classifies = config.Task == ModelTask.Classification;
        int[]? targets = classifies ? batch.Labels : batch.Targets;
        if (targets is not { Length: > 0 })
            throw new ArgumentException($"The minibatch has no {(classifies ? "labels" : "targets")} to train or evaluate on.", nameof(batch));
        return HostArrays.ToTensor(targets, module.Device, classifies ? batch.BatchSize : (long)batch.Length * batch.BatchSize);
    }

    private RecurrentState Start(Minibatch batch)
    {
        Tensor? conditions = batch.Conditions is null || config.Conditions == 0 ? null : HostArrays.ToTensor(batch.Conditions, module.Device, batch.BatchSize);
        RecurrentState own = module.StartState(batch.BatchSize, conditions);
        return batch.InitialHidden is null
            ? own
            : new(HostArrays.ToTensor(batch.InitialHidden, module.Device, own.Hidden.shape).to(module.Type), own.Cell is null ? null : zeros_like(own.Cell));
    }

    /// <summary>
    /// Runs a batch whose inputs are in places the model's own predictions. Between two such positions the layers run fused; at each of them the
    /// logits of the position before are looked at.
    /// </summary>
    private (Tensor, RecurrentState) FreeRun(Minibatch batch, Tensor tokens, RecurrentState state, DropoutMasks? dropout)
    {
        List<Tensor> logits = [];   // [t, B, V] each
        for (int first = 0, next; first < batch.Length; first = next)
        {
            Tensor input = tokens.narrow(0, first, 1);
            if (first > 0)
            {
                Tensor free = tensor(batch.FreeRunning.AsSpan(first * batch.BatchSize, batch.BatchSize).ToArray(), device: module.Device);
                input = where(free, logits[^1][^1].detach().argmax(1), input[0]).unsqueeze(0);
            }

            for (next = first + 1; next < batch.Length && !batch.FreeRunning.AsSpan(next * batch.BatchSize, batch.BatchSize).Contains(true);)
                next++;
            if (next > first + 1)
                input = Tensors.Join([input, tokens.narrow(0, first + 1, next - first - 1)]);
            (Tensor output, state) = RunSpan(batch, input, first, state, dropout);
            logits.Add(module.Project(output, dropout));
        }

        return (Tensors.Join(logits).view(-1, config.OutputSize), state);
    }

    /// <summary>Runs some positions of a batch. Sequences that have ended stand still; as the longest come first, they are the last.</summary>
    private (Tensor, RecurrentState) RunSpan(Minibatch batch, Tensor input, int first, RecurrentState state, DropoutMasks? dropout)
    {
        if (batch.Lengths is null)
            return module.forward(input, state, null, dropout);
        int[] left = [.. batch.Lengths.Select(length => Math.Min(length - first, (int)input.shape[0])).TakeWhile(length => length > 0)];
        int going = left.Length, ended = batch.BatchSize - going;
        if (going == 0)
            return (zeros(input.shape[0], batch.BatchSize, config.HiddenSize, module.Type, module.Device), state);

        (Tensor output, RecurrentState after) = module.forward(input.narrow(1, 0, going), state.Sequences(0, going).Contiguous(), HostArrays.ToTensor(left, CPU, going), dropout);
        if (ended == 0)
            return (output, after);
        Tensor past = zeros(output.shape[0], ended, output.shape[2], module.Type, module.Device);
        return (Tensors.Join([output, past], 1), RecurrentState.Concat([after, state.Sequences(going, ended)], 1));
    }
}
