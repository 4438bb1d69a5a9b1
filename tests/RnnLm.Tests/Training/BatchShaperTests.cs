using RnnLm.Data;
using RnnLm.Modeling;
using RnnLm.Training;

namespace RnnLm.Tests.Training;

public class BatchShaperTests
{
    private static readonly ModelConfig s_config = new() { Cell = CellType.Gru, VocabularySize = 9, HiddenSize = 50, Layers = 2 };

    [Theory]
    [InlineData(InitialState.Zeros)]
    [InlineData(InitialState.Learned)]
    public void TheModelsOwnStateIsLeftToTheEngine(InitialState initial) => Assert.Null(Shape(initial).InitialHidden);

    [Fact]
    public void OnesAreOnes()
    {
        float[] hidden = Shape(InitialState.Ones).InitialHidden!;

        Assert.Equal(2 * 30 * 50, hidden.Length);
        Assert.All(hidden, value => Assert.Equal(1, value));
    }

    [Fact]
    public void NormalIsDrawnAnewForEachBatchAndTheSameAgain()
    {
        float[] hidden = Shape(InitialState.Normal, number: 3).InitialHidden!;

        Assert.InRange(hidden.Average(), -0.06, 0.06);
        Assert.InRange(hidden.Average(value => value * value), 0.9, 1.1);
        Assert.Equal(hidden, Shape(InitialState.Normal, number: 3).InitialHidden);
        Assert.NotEqual(hidden, Shape(InitialState.Normal, number: 4).InitialHidden);
    }

    [Fact]
    public void AStateThatIsCarriedOnIsNotReplaced() => Assert.Null(Shape(InitialState.Ones, carry: true).InitialHidden);

    [Fact]
    public void TeacherForcingIsLeftOffAtItsShareOfPositionsButTheFirst()
    {
        bool[] free = Shape(InitialState.Zeros, ratio: 0.7).FreeRunning!;

        Assert.All(free[..30], Assert.False);
        Assert.InRange(free[30..].Count(f => f) / (double)free[30..].Length, 0.25, 0.35);
        Assert.All(Shape(InitialState.Zeros, ratio: 0).FreeRunning![30..], Assert.True);
        Assert.Null(Shape(InitialState.Zeros, ratio: 1).FreeRunning);
    }

    [Fact]
    public void ValidationReadsTheTrueCharactersAndStartsFromWhereTrainingDoesOnTheMean()
    {
        foreach ((InitialState initial, float[]? expected) in new[] { (InitialState.Ones, Enumerable.Repeat(1f, 3000).ToArray()),
            (InitialState.Normal, null) })
        {
            Minibatch batch = Batch(carry: false);
            new BatchShaper(s_config with { InitialState = initial }, 0.5, seed: 1).ShapeForEvaluation(batch);

            Assert.Equal(expected, batch.InitialHidden);
            Assert.Null(batch.FreeRunning);
        }
    }

    private static Minibatch Shape(InitialState initial, long number = 0, double ratio = 1, bool carry = false)
    {
        Minibatch batch = Batch(carry);
        new BatchShaper(s_config with { InitialState = initial }, ratio, seed: 1).ShapeForTraining(batch, number);
        return batch;
    }

    private static Minibatch Batch(bool carry) => new()
    {
        Length = 40,
        BatchSize = 30,
        Inputs = new int[1200],
        Targets = new int[1200],
        CarryState = carry
    };
}
