using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>Runs minibatches through a language model: logits of the next token at each position.</summary>
internal sealed class TokenPass(CharRnnModule module, ModelConfig config) : BatchPass(module, config)
{
    public override Tensor Targets(Minibatch batch) => batch.Targets.Length == 0
        ? throw new ArgumentException("The minibatch has no targets to train or evaluate on.", nameof(batch))
        : HostArrays.ToTensor(batch.Targets, Module.Device, (long)batch.Length * batch.BatchSize);

    /// <summary>Sums apart what came of unknown characters.</summary>
    public override EvaluationResult Complete(EvaluationResult result, Minibatch batch, ReadOnlySpan<float> losses, Tensor predicted)
    {
        double sum = 0;
        long count = 0;
        for (int i = 0; batch.UnknownId is not null && i < losses.Length; i++)
        {
            if (batch.Targets[i] != batch.UnknownId)
                continue;
            sum += losses[i];
            count++;
        }

        return result with { UnknownLossSum = sum, UnknownTargets = count };
    }

    protected override (Tensor Logits, RecurrentState? State) Run(Minibatch batch, Tensor tokens, RecurrentState start,
        DropoutMasks? dropout)
    {
        if (batch.FreeRunning?.Contains(true) == true)
            return FreeRun(batch, tokens, start, dropout);
        (Tensor output, RecurrentState state, _) = RunFused(batch, tokens, start, dropout);
        return (Module.Project(output, dropout).reshape(-1, Config.OutputSize), state);
    }

    /// <summary>
    /// Runs a batch whose inputs are in places the model's own predictions. Between two such positions the layers run fused; at each of
    /// them the logits of the position before are looked at.
    /// </summary>
    private (Tensor Logits, RecurrentState? State) FreeRun(Minibatch batch, Tensor tokens, RecurrentState state, DropoutMasks? dropout)
    {
        List<Tensor> logits = [];   // [t, B, V] each
        for (int first = 0, next; first < batch.Length; first = next)
        {
            Tensor input = tokens.narrow(0, first, 1);
            if (first > 0)
            {
                Tensor free = tensor(batch.FreeRunning.AsSpan(first * batch.BatchSize, batch.BatchSize).ToArray(), device: Module.Device);
                input = where(free, logits[^1][^1].detach().argmax(1), input[0]).unsqueeze(0);
            }

            for (next = first + 1; next < batch.Length && !batch.FreeRunning.AsSpan(next * batch.BatchSize, batch.BatchSize).Contains(true);
                )
                next++;
            if (next > first + 1)
                input = Tensors.Join([input, tokens.narrow(0, first + 1, next - first - 1)]);
            (Tensor output, state) = RunSpan(batch, input, first, state, dropout);
            logits.Add(Module.Project(output, dropout));
        }

        return (Tensors.Join(logits).view(-1, Config.OutputSize), state);
    }

    /// <summary>Runs some positions of a batch. Sequences that have ended stand still; as the longest come first, they are the
    /// last.</summary>
    private (Tensor, RecurrentState) RunSpan(Minibatch batch, Tensor input, int first, RecurrentState state, DropoutMasks? dropout)
    {
        if (batch.Lengths is null)
            return Module.forward(input, state, null, dropout);
        int[] left = [.. batch.Lengths.Select(length => Math.Min(length - first, (int)input.shape[0])).TakeWhile(length => length > 0)];
        int going = left.Length, ended = batch.BatchSize - going;
        if (going == 0)
            return (zeros(input.shape[0], batch.BatchSize, Config.HiddenSize, Module.Type, Module.Device), state);

        (Tensor output, RecurrentState after) = Module.forward(input.narrow(1, 0, going), state.Sequences(0, going).Contiguous(),
            HostArrays.ToTensor(left, CPU, going), dropout);
        if (ended == 0)
            return (output, after);
        Tensor past = zeros(output.shape[0], ended, output.shape[2], Module.Type, Module.Device);
        return (Tensors.Join([output, past], 1), RecurrentState.Concat([after, state.Sequences(going, ended)], 1));
    }
}
