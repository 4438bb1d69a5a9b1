namespace RnnLm;

/// <summary>How a classifier turns the hidden states of a text into one vector.</summary>
public enum Pooling
{
    /// <summary>The final state; of a bidirectional model the final states of both directions, one after the other.</summary>
    Last,

    /// <summary>The mean over the positions of the text.</summary>
    Mean,

    /// <summary>The maximum over the positions of the text, element by element.</summary>
    Max,
}
