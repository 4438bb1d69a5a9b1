namespace RnnLm;

/// <summary>A point of an ROC curve: a threshold, and what it does to texts whose labels are known.</summary>
/// <param name="Threshold">The probability of the positive label above which a text is called positive.</param>
/// <param name="FalsePositiveRate">The share of the texts of the other label that are called positive.</param>
/// <param name="TruePositiveRate">The share of the texts of the positive label that are called positive.</param>
public readonly record struct RocPoint(float Threshold, double FalsePositiveRate, double TruePositiveRate);
