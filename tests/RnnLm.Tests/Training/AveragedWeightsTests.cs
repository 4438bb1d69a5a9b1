using RnnLm.Engines;
using RnnLm.Managed;
using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

public class AveragedWeightsTests
{
    /// <summary>Weights that grow by one each update: their average is behind them by its reach, whichever updates it takes them
    /// at.</summary>
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.998)]
    public void TheAverageIsThatOfEachUpdateWithinATwentiethOfItsReach(double decay)
    {
        var config = new ModelConfig { Cell = CellType.Rnn, VocabularySize = 3, HiddenSize = 2, EmbeddingSize = 0 };
        var weights = new ModelWeights(config);
        using ITrainingSession session = new ManagedEngine().StartTraining(config, weights, new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            Threads = 1
        });
        var average = new AveragedWeights(config, decay);
        double expected = 0;
        for (int step = 1; step <= 3000; step++)
        {
            foreach (WeightTensor tensor in weights)
                Array.Fill(tensor.Values, step);
            session.WriteWeights(weights);
            average.Take(session, step);
            expected += (step - expected) * (step == 1 ? 1 : 1 - Math.Min(decay, (1.0 + step) / (10 + step)));
            Assert.Equal(expected, average.Weights["output.bias"].Values[0], tolerance: (0.05 / (1 - decay)) + 0.01);
        }
    }
}
