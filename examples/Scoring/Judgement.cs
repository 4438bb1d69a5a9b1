namespace Scoring;

/// <summary>What the scorer says of an article number.</summary>
internal sealed class Judgement
{
    public string Text { get; set; } = "";

    public float Perplexity { get; set; }

    public int LeastLikelyPosition { get; set; }

    public bool PredictedLabel { get; set; }
}
