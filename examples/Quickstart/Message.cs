using Microsoft.ML.Data;

namespace Quickstart;

/// <summary>A line of the file.</summary>
internal sealed class Message
{
    [LoadColumn(0)]
    public string Text { get; set; } = "";
}
