namespace Scoring;

/// <summary>An article number as someone typed it.</summary>
internal sealed class ArticleNumber
{
    public string Text { get; set; } = "";

    /// <summary>Gets or sets who made the article; what the classifier is to tell.</summary>
    public string Supplier { get; set; } = "";

    /// <summary>Gets or sets whether the number was typed wrongly; what the scorer is to find.</summary>
    public bool Malformed { get; set; }
}
