using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>What a classifier has beside a language model.</summary>
public sealed class ClassifierOptions
{
    /// <summary>Gets or sets whether each layer reads the text in both directions (Schuster and Paliwal, 1997).</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    [OnResume(mayChange: false)]
    public bool Bidirectional { get; set; } = true;

    /// <summary>Gets or sets how the hidden states of a text become one vector.</summary>
    /// <value>The default value is <see cref="Pooling.Last"/>.</value>
    [OnResume(mayChange: false)]
    public Pooling Pooling { get; set; } = Pooling.Last;

    /// <summary>
    /// Gets or sets how far the classes are balanced in the loss, from 0 to 1: a text of class c counts (n / (C · n_c)) to this power. With
    /// 0 each text counts the same, with 1 each class, as scikit-learn's <c>class_weight="balanced"</c>; some 0.2 finds rare classes more
    /// often at little cost in accuracy.
    /// </summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double ClassBalance { get; set; }

    /// <summary>Gets or sets whether an epoch draws its texts so that each class comes as often, instead of reading each text
    /// once.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    [OnResume(mayChange: false)]
    public bool BalancedSampling { get; set; }

    internal ClassifierOptions Clone() => (ClassifierOptions)MemberwiseClone();

    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Classifier");
        faults.Defined(Pooling);
        faults.Share(ClassBalance);
        faults.Require(!BalancedSampling || ClassBalance == 0, nameof(BalancedSampling),
            $"and {faults[nameof(ClassBalance)]} would balance the classes twice; choose one of them");
    }
}
