namespace RnnLm.Cli.Options;

/// <summary>What a classifier has beside a language model, as options of a command.</summary>
internal static class ClassifierOptionGroup
{
    public static OptionGroup<ClassifierOptions> Create() => new OptionGroup<ClassifierOptions>("Classifier (--task classify)")
        .AddSwitch(o => o.Bidirectional, "whether each layer reads the text in both directions", "each layer reads the text forwards only")
        .Add(o => o.Pooling, "how the hidden states of a text become one vector")
        .Add(o => o.ClassBalance, "how far rare labels count more in the loss: 0 not at all, 1 each label the same")
        .Add(o => o.BalancedSampling, "draw the texts of an epoch so that each label comes as often");
}
