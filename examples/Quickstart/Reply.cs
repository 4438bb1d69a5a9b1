namespace Quickstart;

/// <summary>What the model writes.</summary>
internal sealed class Reply
{
    public string Continuation { get; set; } = "";
}
