namespace RnnLm;

/// <summary>What the rows of the data are to the model.</summary>
public enum DataMode
{
    /// <summary>All rows are one running text, read in windows. Continues any piece of text.</summary>
    Stream,

    /// <summary>Each row is a text of its own, framed by a start and an end token. Writes whole rows: names, messages, codes.</summary>
    Rows,

    /// <summary>Each row is an input text and a target text; the loss counts on the target alone. Answers.</summary>
    Pairs,
}
