namespace RnnLm.Data;

/// <summary>How rows are drawn where each joins a minibatch by itself, whatever the others do.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="ExpectedRows">The number of rows that a minibatch has in the mean.</param>
internal sealed record PoissonSampling(int Rows, int ExpectedRows)
{
    /// <summary>Gets the probability with which a row joins.</summary>
    public double Rate => (double)ExpectedRows / Rows;
}
