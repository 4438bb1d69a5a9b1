using System.Text.RegularExpressions;

namespace RnnLm.Tests.Training;

/// <summary>Published trainings that take seconds, on the texts that they were published with. <c>rnnlm reproduce</c> has the longer ones too.</summary>
public class PublishedResultsTests
{
    /// <summary>Dive into Deep Learning, 2023 edition: windows of 32 at every offset, plain gradient descent at a rate of 4, the norm clipped at 1. The book's perplexity is 6.55.</summary>
    [SkippableFact]
    public void TheTimeMachineIsLearnedAsInTheBook()
    {
        const int Window = 32, Training = 10_000, Validation = 5_000;
        string text = Regex.Replace(TestData.ReadText("timemachine.txt"), "[^A-Za-z]+", " ", RegexOptions.NonBacktracking).ToLowerInvariant();
        var options = new LanguageModelOptions
        {
            Vocabulary = { Characters = " abcdefghijklmnopqrstuvwxyz" },
            Model = { Cell = CellType.Gru, HiddenSize = 32, EmbeddingSize = 0 },
            Data = { BatchSize = 1024, SequenceLength = Window, WindowOrder = WindowOrder.Random, WindowStride = 1 },
            Optimizer = { Kind = OptimizerKind.Sgd, LearningRate = 4, ClipNorm = 1 },
            Training = { Epochs = 50, EvaluateEvery = 100, Seed = 1 },
            Device = { Engine = EngineKind.Managed },
        };

        using RnnLanguageModel model = RnnLanguageModel.Train([text[..(Training + Window)]], options, validation: [text.Substring(Training, Validation + Window)]);

        Assert.Equal(28, model.Vocabulary.Size);
        Assert.Equal(500, model.Training!.Steps);
        Assert.InRange(Math.Exp(model.Training.ValidationLoss!.Value), 6.0, 6.6);
    }

    /// <summary>A notebook's min-char-rnn: 10 units, plain gradient steps of 1e-3 on the summed loss, values clipped at 5. Its code in numpy comes to 79.5 on this text.</summary>
    [SkippableFact]
    public void MinCharRnnComesToTheNotebooksLoss()
    {
        var options = new LanguageModelOptions
        {
            Vocabulary = { UnknownCharacters = UnknownCharacterPolicy.Skip },
            Model = { Cell = CellType.Rnn, HiddenSize = 10, EmbeddingSize = 0, Initialization = WeightInitialization.Normal },
            Data = { BatchSize = 1, SequenceLength = 25 },
            Optimizer = { Kind = OptimizerKind.Sgd, LearningRate = 1e-3, ClipNorm = 0, ClipValue = 5 },
            Training = { Epochs = 0, MaximumSteps = 10_000, LossReduction = LossReduction.Sum, ValidationFraction = 0, Seed = 1 },
            Device = { Engine = EngineKind.Managed },
        };

        using RnnLanguageModel model = RnnLanguageModel.Train([TestData.ReadText("tinyshakespeare.txt")], options);

        Assert.InRange(25 * model.Training!.SmoothedLoss, 78, 81);
    }
}
