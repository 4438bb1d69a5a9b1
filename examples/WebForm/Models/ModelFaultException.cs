namespace WebForm.Models;

/// <summary>A model's file can't serve, though it is whole.</summary>
/// <param name="fault">What is wrong: what follows "its file ".</param>
internal sealed class ModelFaultException(string fault) : Exception($"The file {fault}.")
{
    /// <summary>Gets what is wrong: what follows "its file ".</summary>
    public string Fault { get; } = fault;
}
