namespace RnnLm.Modeling;

/// <summary>The modules of another program's file, and which of the model's they stand for.</summary>
/// <param name="modules">The model's module for each name of the file; an empty one leaves the module out.</param>
internal sealed class ModuleNames(IReadOnlyDictionary<string, string> modules)
{
    private static readonly string[] Parts = ["embedding", "rnn", "condition", "output"];

    /// <summary>Gets the names of a file that has the model's own.</summary>
    public static ModuleNames Own { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Returns the module that a tensor is of, by its name: what stands before the last dot, or nothing.</summary>
    public static string Of(string tensor) => tensor[..Math.Max(0, tensor.LastIndexOf('.'))];

    /// <summary>Refuses names that change nothing.</summary>
    /// <param name="tensors">The names of all tensors of the file.</param>
    /// <exception cref="FormatException">A module is not in the file, or the model has no such part.</exception>
    public void Check(IEnumerable<string> tensors)
    {
        string[] names = [.. tensors];
        foreach ((string module, string part) in modules)
        {
            if (!Array.Exists(names, name => name.StartsWith(module + ".", StringComparison.Ordinal)))
            {
                IEnumerable<string> found = names.Select(Of).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);
                throw new FormatException($"it has no module '{module}' that could be renamed. It has {List(found)}");
            }

            if (!string.IsNullOrEmpty(part) && !Parts.Contains(part))
            {
                throw new FormatException($"its module '{module}' can't stand for '{part}': a model has {List(Parts)}. Leave the name "
                    + "empty "
                    + "for a module that is to be left out");
            }
        }

        static string List(IEnumerable<string> list) => string.Join(", ", list.Take(20).Select(name => $"'{name}'"));
    }

    /// <summary>Returns the model's name for a tensor; null where its module is left out.</summary>
    public string? Rename(string tensor)
    {
        // Names may have dots of their own: the module is any beginning of the name that ends before a dot.
        for (int dot = tensor.LastIndexOf('.'); dot > 0; dot = tensor.LastIndexOf('.', dot - 1))
        {
            if (modules.TryGetValue(tensor[..dot], out string? module))
                return string.IsNullOrEmpty(module) ? null : module + tensor[dot..];
        }

        return tensor;
    }
}
