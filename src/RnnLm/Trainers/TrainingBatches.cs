using RnnLm.Data;
using RnnLm.Training;

namespace RnnLm.Trainers;

/// <summary>The data of a training.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="Validation">What is evaluated on, or null.</param>
/// <param name="ClassWeights">The weights of a classifier's classes in the loss, or null for 1 each. // [C]</param>
internal sealed record TrainingBatches(BatchSource Training, ValidationData? Validation, float[]? ClassWeights = null);
