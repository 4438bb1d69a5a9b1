namespace RnnLm.MLNet.TestHost;

internal sealed class Checked
{
    public float Score { get; set; }

    public bool PredictedLabel { get; set; }

    public float PValue { get; set; }

    public int LeastLikelyPosition { get; set; }

    public string Suggestion { get; set; } = "";

    public override string ToString() =>
        FormattableString.Invariant($"{Score:R} {PredictedLabel} {PValue:R} {LeastLikelyPosition} {Suggestion}");
}
