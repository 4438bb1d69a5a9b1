namespace RnnLm.MLNet.Benchmarks;

internal sealed class Prompt
{
    public string Text { get; set; } = "";
}
