namespace RnnLm.MLNet.Tests;

internal sealed class TextInput
{
    public string? Text { get; set; }
}
