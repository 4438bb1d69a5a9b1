using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet.Tests;

internal sealed class TextOutput
{
    public string Continuation { get; set; } = "";
}
