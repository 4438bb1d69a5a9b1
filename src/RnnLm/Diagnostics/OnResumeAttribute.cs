namespace RnnLm.Diagnostics;

/// <summary>
/// Says of an option whether a training that goes on from a checkpoint may give it another value. Every option of a training says so, here
/// and nowhere else; the checkpoint's fingerprint is made of those that may not change.
/// </summary>
/// <param name="mayChange">Whether it may: it changes neither the steps of the training nor which weights are kept as the best.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OnResumeAttribute(bool mayChange) : Attribute
{
    public bool MayChange => mayChange;
}
