namespace RnnLm.Cli;

/// <summary>Finds conditions by their names.</summary>
internal static class ConditionNames
{
    /// <summary>Returns the index of a condition, or -1 for none.</summary>
    /// <exception cref="UsageException">The model does not know it.</exception>
    public static int Find(IReadOnlyList<string> known, string? name)
    {
        if (name is null)
            return -1;
        for (int i = 0; i < known.Count; i++)
        {
            if (known[i] == name)
                return i;
        }

        throw new UsageException(known.Count == 0
            ? $"The model has no conditions, so '{name}' means nothing to it."
            : $"The model does not know the condition '{name}'. It knows {string.Join(", ", known.Take(20))}{(known.Count > 20 ? ", …" : "")}.");
    }
}
