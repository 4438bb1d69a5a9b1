using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>How many rows <see cref="RowGenerator"/> writes, and what holds for all of them.</summary>
public sealed class GenerateOptions
{
    /// <summary>Gets or sets the number of the row after the last one: rows are written from <see cref="FirstRow"/> up to it.</summary>
    /// <value>The default value is 100.</value>
    public long Rows { get; set; } = 100;

    /// <summary>
    /// Gets or sets the number of the first row, from 0: with a seed, several processes can each write a part of the same rows. Where rows
    /// must be unique, a part
    /// must be given those before it as <see cref="Earlier"/>.
    /// </summary>
    /// <value>The default value is 0.</value>
    public long FirstRow { get; set; }

    /// <summary>
    /// Gets or sets whether no two rows are equal in all their texts (of pairs, in their inputs too). A row that repeats an earlier one is
    /// written anew, in its last
    /// column. About 12 bytes of memory are held for each row.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Unique { get; set; }

    /// <summary>Gets or sets how many texts are written for a field at most until one may be kept; then its row is missing.</summary>
    /// <value>The default value is 1,000.</value>
    public int MaxTries { get; set; } = 1000;

    /// <summary>
    /// Gets or sets the share of the texts written for the last 100 rows from which on the models are held to have no more to say: the
    /// share of those that the
    /// training data have or that were written before. Then <see cref="GenerationExhaustedException"/> is thrown. 1 for never.
    /// </summary>
    /// <value>The default value is 0.995.</value>
    public double MaxRepeatShare { get; set; } = 0.995;

    /// <summary>
    /// Gets or sets the seed. With one, a row depends on the seed and its number alone; where it must be unique, also on the rows before.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: another one each time.</value>
    public long? Seed { get; set; }

    /// <summary>
    /// Gets or sets rows that the same models wrote with the same options before, in their order and with those that are missing: writing
    /// goes on after the last of
    /// them, to the rows that it would have written at once. Read once, when the first row is asked for.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: none.</value>
    public IEnumerable<GeneratedRow>? Earlier { get; set; }

    internal GenerateOptions Clone() => (GenerateOptions)MemberwiseClone();

    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Generate");
        faults.AtLeast(FirstRow, 0);
        faults.Require(Rows > FirstRow, nameof(Rows), FirstRow == 0 ? (OptionMessage)$"must be at least 1, but is {Rows}"
            : (OptionMessage)$"must be above {faults[nameof(FirstRow)]}, which is {FirstRow}, but is {Rows}");
        faults.AtLeast(MaxTries, 1);
        faults.PositiveShare(MaxRepeatShare);
    }
}
