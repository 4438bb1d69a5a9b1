namespace OnnxMLNet;

/// <summary>A row with a text.</summary>
internal sealed class Row
{
    public string Text { get; set; } = "";
}
