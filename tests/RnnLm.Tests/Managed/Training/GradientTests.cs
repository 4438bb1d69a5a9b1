using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;

namespace RnnLm.Tests;

/// <summary>The gradients of every kind of network against central differences, in double precision, by the code that trains.</summary>
public class GradientTests
{
    private static readonly ModelConfig s_plain = new() { Cell = CellType.Rnn, VocabularySize = 7, HiddenSize = 5 };

    public static TheoryData<CellType, Nonlinearity, int, int> Networks()
    {
        var data = new TheoryData<CellType, Nonlinearity, int, int>();
        foreach ((CellType cell, Nonlinearity nonlinearity) in new[] { (CellType.Rnn, Nonlinearity.Tanh), (CellType.Rnn, Nonlinearity.Relu),
            (CellType.Lstm, default), (CellType.Gru, default) })
        {
            for (int layers = 1; layers <= 3; layers++)
            {
                data.Add(cell, nonlinearity, layers, 0);
                data.Add(cell, nonlinearity, layers, 4);
            }
        }

        return data;
    }

    public static TheoryData<CellType> Cells() => [CellType.Rnn, CellType.Lstm, CellType.Gru];

    public static TheoryData<CellType, Pooling> Classifiers()
    {
        var data = new TheoryData<CellType, Pooling>();
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            foreach (Pooling pooling in Enum.GetValues<Pooling>())
                data.Add(cell, pooling);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void EveryCellDepthAndInput(CellType cell, Nonlinearity nonlinearity, int layers, int embedding)
    {
        ModelConfig config = s_plain with { Cell = cell, Nonlinearity = nonlinearity, Layers = layers, EmbeddingSize = embedding };
        Check(config, FormulaModels.Batch(config, length: 6, size: 3));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void EmbeddingsThatAreGathered(CellType cell)
    {
        // More tokens than positions: the products are not looked up.
        ModelConfig config = s_plain with { Cell = cell, VocabularySize = 23, EmbeddingSize = 4 };
        Check(config, FormulaModels.Batch(config, length: 4, size: 3));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void SequencesOfDifferentLengths(CellType cell)
    {
        ModelConfig config = s_plain with { Cell = cell, Layers = 2, EmbeddingSize = 3 };
        Check(config, FormulaModels.Batch(config, length: 6, size: 5, lengths: [6, 4, 4, 2, 1]));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void TiedWeights(CellType cell)
    {
        ModelConfig config = s_plain with { Cell = cell, EmbeddingSize = 5, TieWeights = true };
        Check(config, FormulaModels.Batch(config, length: 5, size: 2));
        config = config with { VocabularySize = 31 };
        Check(config, FormulaModels.Batch(config, length: 5, size: 2));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void LearnedInitialStates(CellType cell)
    {
        ModelConfig config = s_plain with { Cell = cell, Layers = 2, InitialState = InitialState.Learned };
        Check(config, FormulaModels.Batch(config, length: 3, size: 4, lengths: [3, 3, 2, 1]));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Conditions(CellType cell)
    {
        ModelConfig config = s_plain with { Cell = cell, Layers = 2, EmbeddingSize = 3, Conditions = 3 };
        Check(config, FormulaModels.Batch(config, length: 3, size: 5, lengths: [3, 3, 2, 1, 1]));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Dropout(CellType cell)
    {
        ModelConfig config = s_plain with { Cell = cell, Layers = 3, EmbeddingSize = 4 };
        Check(config, FormulaModels.Batch(config, length: 5, size: 3, lengths: [5, 3, 3]),
            new() { Optimizer = new(), Dropout = new() { BetweenLayers = 0.3, Input = 0.2, Output = 0.4, Recurrent = 0.3 } });
    }

    [Theory]
    [MemberData(nameof(Classifiers))]
    public void BidirectionalClassifiers(CellType cell, Pooling pooling)
    {
        ModelConfig config = s_plain with
        {
            Task = ModelTask.Classification, Cell = cell, Layers = 2, EmbeddingSize = 4, Bidirectional = true, Pooling = pooling,
                Classes = 4,
        };
        Minibatch batch = FormulaModels.Batch(config, length: 6, size: 5, lengths: [6, 5, 3, 3, 1]);
        var options = new TrainingSessionOptions
        {
            Optimizer = new(),
            Dropout = new() { BetweenLayers = 0.2, Output = 0.2, Recurrent = 0.2 }
        };
        Check(config, batch, options);
        Check(config with { Layers = 1, EmbeddingSize = 0, InitialState = InitialState.Learned }, batch, options);
    }

    [Fact]
    public void ClassWeights()
    {
        ModelConfig config = s_plain with { Task = ModelTask.Classification, Cell = CellType.Gru, Classes = 3 };
        Check(config, FormulaModels.Batch(config, length: 4, size: 5), new() { Optimizer = new(), ClassWeights = [0.5f, 2f, 1.25f] });
    }

    [Fact]
    public void LabelSmoothing()
    {
        ModelConfig config = s_plain with { Cell = CellType.Gru, EmbeddingSize = 4 };
        var options = new TrainingSessionOptions { Optimizer = new(), LabelSmoothing = 0.3 };
        Check(config, FormulaModels.Batch(config, length: 4, size: 5, lengths: [4, 4, 3, 2, 1]), options);
        config = s_plain with { Task = ModelTask.Classification, Cell = CellType.Gru, Classes = 3 };
        Check(config, FormulaModels.Batch(config, length: 4, size: 5), options);
        Check(config, FormulaModels.Batch(config, length: 4, size: 5), options with { ClassWeights = [0.5f, 2f, 1.25f] });
    }

    private static void Check(ModelConfig config, Minibatch batch, TrainingSessionOptions? options = null)
    {
        using var network = new RecurrentNetwork<double, DoubleVector>(config, (options ?? new() { Optimizer = new() }) with { Seed = 3 });
        network.Parameters.WriteValues(FormulaModels.Weights(config));
        Span<double> values = network.Parameters.Values.Span, gradients = network.Parameters.Gradients.Span;
        Loss(network, batch);
        double[] computed = gradients.ToArray();
        foreach (Parameter parameter in network.Parameters.All)
        {
            int columns = parameter.Shape[^1], total = parameter.Shape.Aggregate((a, b) => a * b);
            for (int i = 0; i < total; i += Math.Max(1, total / 12))
            {
                int at = parameter.Index(parameter.Shape.Length > 1 ? i / columns : 0, i % columns);
                double value = values[at], difference = 0;
                foreach (double step in new[] { 1e-5, -1e-5 })
                {
                    values[at] = value + step;
                    difference += Loss(network, batch) / (2 * step);
                }

                values[at] = value;
                Assert.True(Math.Abs(difference - computed[at]) <= 1e-8 + (1e-6 * Math.Abs(difference)),
                    $"{parameter.Name}[{i}]: {computed[at]}, by differences {difference}");
            }
        }

        Assert.Contains(computed, g => g != 0);
    }

    private static double Loss(RecurrentNetwork<double, DoubleVector> network, Minibatch batch)
    {
        network.Parameters.Gradients.Span.Clear();
        network.WeightsChanged();
        return network.Accumulate(batch, step: 5).Loss;
    }
}
