namespace RnnLm.PyTorch;

/// <summary>A dictionary of a pickle, in the order in which it was filled. Keys that are no texts are passed over: no tensor has
/// such.</summary>
internal sealed class PickleDictionary
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, object?>> _items = [];

    /// <summary>Gets the entries.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Items => _items;

    public void Set(object? key, object? value)
    {
        if (key is not string name)
            return;
        if (_places.TryAdd(name, _items.Count))
            _items.Add(new(name, value));
        else
            _items[_places[name]] = new(name, value);
    }
}
