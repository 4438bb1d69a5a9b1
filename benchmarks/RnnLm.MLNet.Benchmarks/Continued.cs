using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet.Benchmarks;

internal sealed class Continued
{
    public string Continuation { get; set; } = "";
}
