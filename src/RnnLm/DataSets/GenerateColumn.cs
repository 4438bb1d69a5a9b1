namespace RnnLm;

/// <summary>
/// A column of rows that <see cref="RowGenerator"/> writes: which model writes its texts, and what must hold for each of them.
/// </summary>
/// <param name="model">The model. It must not be disposed before the last row is read.</param>
/// <param name="name">The name of the column.</param>
public sealed class GenerateColumn(RnnLanguageModel model, string name = GenerateColumn.DefaultName)
{
    internal const string DefaultName = "Text";

    /// <summary>Gets the model that writes the column.</summary>
    public RnnLanguageModel Model { get; } = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>Gets the name of the column.</summary>
    public string Name { get; } = !string.IsNullOrEmpty(name) ? name
        : throw new ArgumentException("The name of a column must not be empty.", nameof(name));

    /// <summary>
    /// Gets or sets how texts are drawn, a <see cref="SamplingOptions.Pattern"/> among it. One text is written at a time, without beam
    /// search; its
    /// <see cref="SamplingOptions.Seed"/> does not count, but that of <see cref="GenerateOptions"/>.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: as the model was saved.</value>
    public SamplingOptions? Sampling { get; set; }

    /// <summary>
    /// Gets or sets whether no text is one of the training data, as far as <see cref="RnnLanguageModel.TrainingText"/> knows. What the data
    /// have is never kept; of
    /// what they do not have, the share <see cref="TrainingTextFilter.FalsePositiveRate"/> can't be written, as it is taken for something
    /// that they have.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool New { get; set; }

    /// <summary>
    /// Gets or sets rows whose texts must not be written, such as the training data themselves: exactly these, at about 12 bytes of memory
    /// each. Conditions do not
    /// count; of pairs, input and target together do. Read once, when the first row is asked for.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: none.</value>
    public IEnumerable<TextRow>? NotIn { get; set; }

    /// <summary>Gets or sets whether no two rows have the same text in this column, whatever the others have.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Unique { get; set; }

    /// <summary>
    /// Gets or sets what says whether a text may be kept, such as <see cref="CheckDigits.Iban"/>. It is given the text as it would be
    /// returned, and called on the
    /// thread that reads the rows.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: every text may.</value>
    public Func<string, bool>? Validator { get; set; }

    /// <summary>
    /// Gets or sets how often each condition of the model is drawn. The column of conditions is called <c>Condition</c>, or
    /// <c>NAME.Condition</c> after the first column.
    /// </summary>
    /// <value>
    /// The default value is <see langword="null"/>: as often as in the training data where the model knows that, else each as often; for a
    /// model without
    /// conditions none.
    /// </value>
    public ConditionWeights? ConditionWeights { get; set; }

    /// <summary>Gets or sets an earlier column whose text is the condition. That column writes conditions of this model only.</summary>
    /// <value>The default value is <see langword="null"/>: none.</value>
    public string? ConditionColumn { get; set; }

    /// <summary>
    /// Gets or sets the texts that are continued, one after the other and over again; of pairs, the inputs, which are a column of their own
    /// then, called
    /// <c>Input</c>, or <c>NAME.Input</c> after the first column.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: each text is begun.</value>
    public IReadOnlyList<string>? Prompts { get; set; }

    /// <summary>Gets or sets an earlier column whose text is continued; of pairs, the input.</summary>
    /// <value>The default value is <see langword="null"/>: none.</value>
    public string? PromptColumn { get; set; }
}
