using RnnLm.Diagnostics;
using RnnLm.Text;

namespace RnnLm;

/// <summary>How text becomes minibatches, as far as models of all kinds have it: texts as rows.</summary>
public class DataOptions
{
    /// <summary>Gets or sets the number of sequences in a minibatch. A short text gets fewer.</summary>
    /// <value>The default value is 32.</value>
    [OnResume(mayChange: false)]
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// Gets or sets the number of characters of a row that are read: of a classifier's text, and for <see cref="DataMode.Rows"/> and
    /// <see cref="DataMode.Pairs"/>. What is beyond is left out, and a warning says how often.
    /// </summary>
    /// <value>The default value is 1,000.</value>
    [OnResume(mayChange: false)]
    public int MaxRowLength { get; set; } = 1000;

    /// <summary>
    /// Gets or sets whether CRLF and CR are kept as they are. Else every line end is read as a line feed: in training, and ever after in
    /// prompts and in texts that are scored, encoded or classified, by a model that does not know the carriage return. So a text is the
    /// same text wherever it was written.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    [OnResume(mayChange: false)]
    public bool KeepLineEnds { get; set; }

    internal DataOptions Clone() => (DataOptions)MemberwiseClone();

    internal virtual void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Data");
        faults.InRange(BatchSize, 1, 1 << 20);
        faults.InRange(MaxRowLength, 1, 1 << 20);
    }

    /// <summary>Refuses to keep line ends that the model to go on with can't tell apart.</summary>
    /// <param name="previous">The characters that the model to go on with knows, or <see langword="null"/>.</param>
    /// <exception cref="OptionsException">The options ask for that.</exception>
    internal void CheckLineEnds(CharVocabulary? previous)
    {
        var faults = new OptionFaults();
        if (KeepLineEnds && previous is not null && !new LineEnds(previous).AreKept)
            faults.Add(OptionIds.KeepLineEnds, $"is set, but the model to go on with does not know the carriage return, and reads all line "
                + $"ends as line feeds; leave it out, or train a new model");
        faults.ThrowIfAny("options");
    }
}
