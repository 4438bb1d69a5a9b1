using RnnLm.Diagnostics;

namespace RnnLm.Training;

/// <summary>How large minibatches are, as far as the options say it before the text is read.</summary>
/// <param name="Sequences">The number of sequences.</param>
/// <param name="Bound">The option that bounds the length of a sequence.</param>
/// <param name="UsualLength">The length that sequences usually have; 1 where that is for the text to say.</param>
internal readonly record struct MinibatchSize(int Sequences, OptionId Bound, int UsualLength = 1);
