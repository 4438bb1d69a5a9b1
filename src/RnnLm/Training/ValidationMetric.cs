namespace RnnLm;

/// <summary>By what one evaluation on the validation data is better than another.</summary>
public enum ValidationMetric
{
    /// <summary>The least loss: the best probabilities.</summary>
    Loss,

    /// <summary>The highest share of targets that were predicted as most likely. A classifier's goes on rising for a while where its loss,
    /// which minds how sure wrong answers are, does not.</summary>
    Accuracy,

    /// <summary>A classifier's highest mean of its labels' F1 scores, in which a rare label counts as much as a common one.</summary>
    MacroF1,
}
