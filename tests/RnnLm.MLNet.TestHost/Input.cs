namespace RnnLm.MLNet.TestHost;

internal sealed class Input
{
    public string Text { get; set; } = "";
}
