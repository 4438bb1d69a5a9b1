using RnnLm.Data;
using RnnLm.Modeling;

namespace RnnLm.Engines;

/// <summary>
/// A model being trained. Used by one thread at a time. The training loop calls <see cref="Accumulate"/> as often as
/// <see cref="OptimizerOptions.AccumulationSteps"/> says, then <see cref="Update"/>. The loss is the mean cross-entropy, in nats, over the
/// targets of a batch that are not <see cref="Minibatch.Ignore"/>.
/// </summary>
internal interface ITrainingSession : IDisposable
{
    /// <summary>
    /// Runs a batch forward and backward, and adds the gradient of its loss to the gradients held: that of the mean over
    /// <see cref="OptimizerOptions.AccumulationSteps"/>, or that of the sum, by <see cref="TrainingSessionOptions.LossReduction"/>.
    /// </summary>
    void Accumulate(Minibatch batch);

    /// <summary>Clips the gradients (by value, then by norm), updates the weights with the optimiser, and clears the gradients.</summary>
    void Update(double learningRate);

    /// <summary>
    /// Returns what came of the updates since the last call. On a GPU this waits for the device, so the loop asks rarely. One element per
    /// <see cref="Update"/>; its loss is the mean over the batches of that update.
    /// </summary>
    IReadOnlyList<StepStatistics> TakeStatistics();

    /// <summary>
    /// Runs a batch forward, without dropout, class weights and label smoothing. Carries a state of its own, apart from that of training.
    /// </summary>
    /// <returns>The sum of the losses and the number of targets counted.</returns>
    EvaluationResult Evaluate(Minibatch batch);

    /// <summary>Copies the weights out.</summary>
    void ReadWeights(ModelWeights destination);

    /// <summary>Copies weights in; the optimiser's state stays.</summary>
    void WriteWeights(ModelWeights source);

    /// <summary>Copies the gradients held out, unscaled by clipping; for tests and for inspection.</summary>
    void ReadGradients(ModelWeights destination);

    /// <summary>
    /// Returns all that the next step depends on besides weights and data, as named arrays: the optimiser's moments and step count, the
    /// carried hidden state, the position of the dropout generator. With <see cref="RestoreState"/> training goes on to the same bits
    /// (CPU).
    /// </summary>
    IReadOnlyList<WeightTensor> SaveState();

    /// <summary>Takes back what <see cref="SaveState"/> returned.</summary>
    /// <exception cref="FormatException">A tensor is missing or has another shape.</exception>
    void RestoreState(IReadOnlyList<WeightTensor> state);
}
