using RnnLm.Data;

namespace RnnLm.Tests.Data;

public class PoissonOrderTests
{
    private const int Rows = 300, BatchSize = 12, Steps = 20_000;

    [Fact]
    public void EachRowJoinsWithTheSameProbabilityWhateverTheOthersDo()
    {
        PoissonOrder order = Order(BatchSize);
        double rate = (double)BatchSize / Rows;
        var joined = new int[Rows];
        int together = 0, repeated = 0, empty = 0;
        double sum = 0, squares = 0;
        bool before = false;
        for (long step = 0; step < Steps; step++)
        {
            int[] rows = order.Batch(step);
            Assert.Equal(rows.Length, rows.Distinct().Count());
            foreach (int row in rows)
                joined[row]++;
            bool first = rows.Contains(0);
            together += first && rows.Contains(1) ? 1 : 0;
            repeated += first && before ? 1 : 0;
            before = first;
            empty += rows.Length == 0 ? 1 : 0;
            (sum, squares) = (sum + rows.Length, squares + ((double)rows.Length * rows.Length));
        }

        // Each within five standard deviations, of 300 rows.
        double spread = 5 * Math.Sqrt(rate * (1 - rate) / Steps), pairs = 5 * Math.Sqrt(rate * rate / Steps);
        Assert.All(joined, times => Assert.Equal(rate, (double)times / Steps, spread));
        Assert.Equal(rate * rate, (double)together / Steps, pairs);
        Assert.Equal(rate * rate, (double)repeated / Steps, pairs);
        // The number of rows is binomial.
        double mean = sum / Steps, variance = (squares / Steps) - (mean * mean);
        Assert.Equal(BatchSize, mean, 5 * Math.Sqrt(BatchSize * (1 - rate) / Steps));
        Assert.Equal(1, variance / (BatchSize * (1 - rate)), 5 * Math.Sqrt(2.0 / Steps));
        Assert.Equal(0, empty);
    }

    [Fact]
    public void AMinibatchMayBeEmpty()
    {
        PoissonOrder order = Order(1);
        int empty = Enumerable.Range(0, Steps).Count(step => order.Batch(step).Length == 0);
        double expected = Math.Pow(1 - (1.0 / Rows), Rows);
        Assert.Equal(expected, (double)empty / Steps, 5 * Math.Sqrt(expected * (1 - expected) / Steps));
    }

    [Fact]
    public void ABatchOfAllRowsHasAllOfThem()
    {
        foreach (int size in (int[])[Rows, Rows + 1, 1 << 20])
        {
            PoissonOrder order = Order(size);
            Assert.Equal((1, 1.0, Rows), (order.BatchesPerEpoch, order.Sampling.Rate, order.Sampling.ExpectedRows));
            for (long step = 0; step < 50; step++)
                Assert.Equal(Enumerable.Range(0, Rows), order.Batch(step).Order());
        }
    }

    [Fact]
    public void IsAPureFunctionOfSeedAndStepLongestFirst()
    {
        PoissonOrder order = Order(BatchSize), again = Order(BatchSize), other = Order(BatchSize, seed: 2);
        int[][] batches = [.. Enumerable.Range(0, 50).Select(step => order.Batch(step))];
        for (int step = 49; step >= 0; step--)
            Assert.Equal(batches[step], again.Batch(step));
        Assert.NotEqual(batches[7], other.Batch(7));
        Assert.All(batches, rows => Assert.Equal(rows.OrderByDescending(Length).ThenBy(row => row), rows));
        Assert.Equal(Rows / BatchSize, order.BatchesPerEpoch);
    }

    private static int Length(int row) => 1 + (row * 7 % 13);

    private static PoissonOrder Order(int batchSize, ulong seed = 1) => new([.. Enumerable.Range(0, Rows)], Length, batchSize, seed);
}
