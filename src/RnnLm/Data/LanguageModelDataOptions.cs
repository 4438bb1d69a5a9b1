using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>How text becomes minibatches for a language model.</summary>
public sealed class LanguageModelDataOptions : DataOptions
{
    /// <summary>Gets or sets what the rows of the data are.</summary>
    /// <value>The default value is <see cref="DataMode.Stream"/>.</value>
    [OnResume(mayChange: false)]
    public DataMode Mode { get; set; } = DataMode.Stream;

    /// <summary>
    /// Gets or sets the number of characters over which gradients flow back, for <see cref="DataMode.Stream"/>. A shorter text is one
    /// shorter window.
    /// </summary>
    /// <value>The default value is 64.</value>
    [OnResume(mayChange: false)]
    public int SequenceLength { get; set; } = 64;

    /// <summary>Gets or sets the order in which windows are read, for <see cref="DataMode.Stream"/>.</summary>
    /// <value>The default value is <see cref="WindowOrder.Sequential"/>.</value>
    [OnResume(mayChange: false)]
    public WindowOrder WindowOrder { get; set; } = WindowOrder.Sequential;

    /// <summary>
    /// Gets or sets the distance in characters between the starts of windows in random order; 0 for <see cref="SequenceLength"/>.
    /// </summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public int WindowStride { get; set; }

    /// <summary>Gets or sets when the hidden state starts anew, for sequential windows.</summary>
    /// <value>The default value is <see cref="HiddenStateMode.ZeroEachEpoch"/>.</value>
    [OnResume(mayChange: false)]
    public HiddenStateMode HiddenState { get; set; } = HiddenStateMode.ZeroEachEpoch;

    /// <summary>Gets or sets what is put between two rows of a running text.</summary>
    /// <value>The default value is one line feed.</value>
    [OnResume(mayChange: false)]
    public string RowSeparator { get; set; } = "\n";

    /// <summary>
    /// Gets or sets whether the model keeps a compact filter of the data given for training, by which it says whether a text occurs in them
    /// (<see cref="TrainingTextFilter"/>). It takes 9.6 bits for each character of a running text, and 14.4 for each row.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    [OnResume(mayChange: true)]
    public bool KeepTextFilter { get; set; }

    internal new LanguageModelDataOptions Clone() => (LanguageModelDataOptions)base.Clone();

    internal override void Check(OptionFaults all)
    {
        base.Check(all);
        OptionFaults faults = all.In("Data");
        faults.Defined(Mode);
        faults.Defined(WindowOrder);
        faults.Defined(HiddenState);
        faults.InRange(SequenceLength, 1, 1 << 20);
        faults.InRange(WindowStride, 0, 1 << 20);
        faults.Require(RowSeparator is not null, nameof(RowSeparator), "is null; use an empty string to join rows with nothing between");
    }
}
