namespace RnnLm.Cli.Options;

/// <summary>What is an anomaly, as options of a command.</summary>
internal static class AnomalyOptionGroup
{
    public static OptionGroup<AnomalyOptions> Create() => new OptionGroup<AnomalyOptions>("Anomalies")
        .Add(o => o.FalsePositiveRate, "share of good texts that may be called anomalies")
        .Add(o => o.TwoSided, "texts that are much too likely are anomalies too, such as a phrase repeated; with --held-out");
}
