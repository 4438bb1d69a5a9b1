namespace Scoring;

/// <summary>What the detector says of an article number.</summary>
internal sealed class Judgement
{
    public string Text { get; set; } = "";

    public float PValue { get; set; }

    public int LeastLikelyPosition { get; set; }

    public bool PredictedLabel { get; set; }

    public float Malformed { get; set; }
}
