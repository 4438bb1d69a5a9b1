using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet.TestHost;

internal sealed class Output
{
    public string Continuation { get; set; } = "";

    public override string ToString() => Continuation;
}
