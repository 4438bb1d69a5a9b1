using RnnLm.Generation;

namespace RnnLm.MLNet.Transformers;

/// <summary>The answer to a row that was continued.</summary>
/// <param name="Prompt">What stands before each sample; empty where samples hold it themselves.</param>
/// <param name="Result">The samples.</param>
/// <param name="TrainingText">The training data, where the model knows them.</param>
internal readonly record struct Continuation(string Prompt, GenerationResult Result, TrainingTextFilter? TrainingText)
{
    public bool IsInTrainingData(GeneratedText sample) => TrainingText?.Contains(sample.Text, Prompt) == true;
}
