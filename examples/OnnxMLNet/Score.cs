using Microsoft.ML.Data;

namespace OnnxMLNet;

/// <summary>What the graph of scores says of a row: columns of one element.</summary>
internal sealed class Score
{
    [ColumnName("log_probability")]
    public float[] LogProbability { get; set; } = [];

    [ColumnName("count")]
    public long[] Count { get; set; } = [];
}
