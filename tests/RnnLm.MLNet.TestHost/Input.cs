namespace RnnLm.MLNet.TestHost;

internal sealed class Input
{
    public string Text { get; set; } = "";

    /// <summary>Gets or sets a pattern, for models that read one from a column; empty for that of their options.</summary>
    public string Pattern { get; set; } = "";
}
