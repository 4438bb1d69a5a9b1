namespace RnnLm.ModelFiles;

/// <summary>The conditions that a model knows.</summary>
internal sealed class KnownConditions
{
    private const int MostListed = 20;

    private readonly IReadOnlyList<string> _names;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <param name="names">Their names, in the order of their ids.</param>
    public KnownConditions(IReadOnlyList<string> names)
    {
        _names = names;
        for (int i = 0; i < names.Count; i++)
            _ids.TryAdd(names[i], i);
    }

    public int Count => _names.Count;

    /// <summary>Gets the sentence that lists them.</summary>
    public string List => Count == 0
        ? "It was trained without conditions."
        : $"It knows {string.Join(", ", _names.Take(MostListed).Select(name => $"'{name}'"))}{(Count > MostListed ? ", …" : "")}.";

    /// <summary>Returns the id of a condition, or -1 where the model does not know it.</summary>
    public int Find(string condition) => _ids.GetValueOrDefault(condition, -1);

    /// <summary>Finds the id of what a row or a caller names: -1 for none, which is <see langword="null"/> or, unless a condition is called
    /// that, an empty text.</summary>
    /// <returns>Whether the model knows it.</returns>
    public bool TryFind(string? condition, out int id)
    {
        id = condition is null ? -1 : Find(condition);
        return id >= 0 || string.IsNullOrEmpty(condition);
    }

    /// <summary>Says that the model does not know a condition, and which it knows.</summary>
    public string Unknown(string condition) => $"the model does not know the condition '{condition}'. {List}";
}
