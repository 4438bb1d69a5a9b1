namespace RnnLm.Modeling;

/// <summary>The names that a file has for the modules of a model.</summary>
/// <param name="modules">What each stands for; those that are not among them stand for themselves.</param>
internal sealed class ModuleNames(IReadOnlyDictionary<string, string> modules)
{
    /// <summary>Gets the names of a file that has the model's own.</summary>
    public static ModuleNames Own { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Returns the model's name for a tensor.</summary>
    public string Rename(string tensor)
    {
        // Names may have dots of their own: the module is any beginning of the name that ends before a dot.
        for (int dot = tensor.LastIndexOf('.'); dot > 0; dot = tensor.LastIndexOf('.', dot - 1))
        {
            if (modules.TryGetValue(tensor[..dot], out string? module))
                return module + tensor[dot..];
        }

        return tensor;
    }
}
