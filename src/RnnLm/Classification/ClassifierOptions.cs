namespace RnnLm;

/// <summary>What a classifier has beside a language model.</summary>
public sealed class ClassifierOptions
{
    /// <summary>Gets or sets whether each layer reads the text in both directions (Schuster and Paliwal, 1997).</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Bidirectional { get; set; } = true;

    /// <summary>Gets or sets how the hidden states of a text become one vector.</summary>
    /// <value>The default value is <see cref="Pooling.Last"/>.</value>
    public Pooling Pooling { get; set; } = Pooling.Last;

    /// <summary>Gets or sets how much the classes count in the loss.</summary>
    /// <value>The default value is <see cref="ClassWeighting.None"/>.</value>
    public ClassWeighting ClassWeighting { get; set; } = ClassWeighting.None;

    /// <summary>Gets or sets whether an epoch draws its texts so that each class comes as often, instead of reading each text once.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool BalancedSampling { get; set; }

    internal ClassifierOptions Clone() => (ClassifierOptions)MemberwiseClone();

    internal void Check(OptionFaults faults)
    {
        faults.Defined(Pooling, nameof(Pooling));
        faults.Defined(ClassWeighting, nameof(ClassWeighting));
        faults.Require(!BalancedSampling || ClassWeighting == ClassWeighting.None, nameof(BalancedSampling),
            "and ClassWeighting would balance the classes twice; choose one of them");
    }
}
