namespace RnnLm;

/// <summary>How the losses of a minibatch become the one number whose gradient is followed.</summary>
public enum LossReduction
{
    /// <summary>Their mean over all targets.</summary>
    Mean,

    /// <summary>Their sum, as in Karpathy's min-char-rnn. Learning rates are then smaller by about the number of targets.</summary>
    Sum,
}
