using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>Runs minibatches of texts through a classifier: logits of the classes of each. No state is carried from text to text.</summary>
internal sealed class ClassPass(CharRnnModule module, ModelConfig config) : BatchPass(module, config)
{
    public override Tensor Targets(Minibatch batch) => batch.Labels is not { Length: > 0 } labels
        ? throw new ArgumentException("The minibatch has no labels to train or evaluate on.", nameof(batch))
        : HostArrays.ToTensor(labels, Module.Device, batch.BatchSize);

    /// <summary>Counts each label.</summary>
    public override EvaluationResult Complete(EvaluationResult result, Minibatch batch, ReadOnlySpan<float> losses, Tensor predicted) =>
        result with { Labels = LabelCounts.Count(batch.Labels, HostArrays.ReadIds(predicted), Config.Classes) };

    protected override (Tensor Logits, RecurrentState? State) Run(Minibatch batch, Tensor tokens, RecurrentState start,
        DropoutMasks? dropout)
    {
        (Tensor output, RecurrentState state, Tensor? lengths) = RunFused(batch, tokens, start, dropout);
        return (Module.Project(Module.Pool(output, state, lengths), dropout).reshape(-1, Config.OutputSize), null);
    }
}
