using Microsoft.ML.Data;

namespace RnnLm.MLNet.TestHost;

internal sealed class Suggested
{
    [VectorType]
    public string[] Suggestions { get; set; } = [];

    [VectorType]
    public float[] Probabilities { get; set; } = [];

    public override string ToString() =>
        FormattableString.Invariant($"{string.Join('|', Suggestions)} {string.Join('|', Probabilities.Select(p => $"{p:R}"))}");
}
