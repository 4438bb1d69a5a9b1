namespace Scoring;

/// <summary>An article number as someone typed it.</summary>
internal sealed class ArticleNumber
{
    public string Text { get; set; } = "";

    /// <summary>Gets or sets who made the article; what the classifier is to tell.</summary>
    public string Supplier { get; set; } = "";

    /// <summary>Gets or sets 1 where the number was typed wrongly, else 0; what the detector is to find.</summary>
    public float Malformed { get; set; }
}
