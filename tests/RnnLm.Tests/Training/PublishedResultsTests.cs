using RnnLm.Managed.Training;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

/// <summary>Published trainings that take a second or two, on the texts that they were published with. <c>rnnlm reproduce</c> has the
/// longer ones.</summary>
public class PublishedResultsTests
{
    /// <summary>A notebook's min-char-rnn: 10 units, plain gradient steps of 1e-3 on the summed loss, values clipped at 5. Its code in
    /// numpy comes to 79.5 on this text.</summary>
    [SkippableFact]
    public void MinCharRnnComesToTheNotebooksLoss()
    {
        var options = new LanguageModelOptions
        {
            Vocabulary = { UnknownCharacters = UnknownCharacterPolicy.Skip },
            Model = { Cell = CellType.Rnn, HiddenSize = 10, EmbeddingSize = 0, Initialization = WeightInitialization.Normal },
            Data = { BatchSize = 1, SequenceLength = 25 },
            Optimizer = { Kind = OptimizerKind.Sgd, LearningRate = 1e-3, ClipNorm = 0, ClipValue = 5 },
            Training = { Epochs = 0, MaxSteps = 10_000, LossReduction = LossReduction.Sum, ValidationFraction = 0, Seed = 1 },
            Device = { Engine = EngineKind.Managed },
        };

        using RnnLanguageModel model = RnnLanguageModel.Train([TestData.ReadText("tinyshakespeare.txt")], options);

        Assert.InRange(25 * model.TrainingSummary!.SmoothedLoss, 78, 81);
    }
}
