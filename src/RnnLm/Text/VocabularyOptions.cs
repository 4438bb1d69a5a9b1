using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>Which characters a model knows.</summary>
public sealed class VocabularyOptions
{
    /// <summary>Gets or sets the characters, each counted once.</summary>
    /// <value>The default value is <see langword="null"/>: the characters of the training data.</value>
    [OnResume(mayChange: false)]
    public string? Characters { get; set; }

    /// <summary>Gets or sets how often a character must occur in the training data to be known.</summary>
    /// <value>The default value is 1.</value>
    [OnResume(mayChange: false)]
    public int MinCount { get; set; } = 1;

    /// <summary>Gets or sets how many characters are known at most; the most frequent are kept.</summary>
    /// <value>The default value is 4,096. A mixed corpus can have 100,000 distinct characters, most of them once.</value>
    [OnResume(mayChange: false)]
    public int MaxSize { get; set; } = 4096;

    /// <summary>Gets or sets what happens to other characters, in training data and in prompts.</summary>
    /// <value>The default value is <see cref="UnknownCharacterPolicy.Token"/>.</value>
    [OnResume(mayChange: false)]
    public UnknownCharacterPolicy UnknownCharacters { get; set; } = UnknownCharacterPolicy.Token;

    /// <summary>
    /// Gets or sets whether a model that is trained further, or that a classifier starts from, learns characters that it does not know:
    /// those of <see cref="Characters"/>, else of the new data, as far as <see cref="MinCount"/> and <see cref="MaxSize"/> let them in
    /// beside the known ones. So does a language model learn new conditions, and a classifier new labels. What it knows keeps its place.
    /// Without a previous model this changes nothing.
    /// </summary>
    /// <value>The default value is <see langword="false"/>: the model keeps its characters, conditions and labels.</value>
    [OnResume(mayChange: false)]
    public bool Grow { get; set; }

    internal VocabularyOptions Clone() => (VocabularyOptions)MemberwiseClone();

    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Vocabulary");
        faults.Require(Characters is not { Length: 0 }, nameof(Characters),
            "is empty; name the characters, or leave it unset to take those of the data");
        faults.AtLeast(MinCount, 1);
        faults.InRange(MaxSize, 2, 1_114_112);
        faults.Defined(UnknownCharacters);
    }
}
