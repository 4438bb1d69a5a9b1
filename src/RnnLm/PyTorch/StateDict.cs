namespace RnnLm.PyTorch;

/// <summary>The tensors of a file by their names, in its order.</summary>
/// <param name="tensors">The tensors.</param>
internal sealed class StateDict(IReadOnlyList<KeyValuePair<string, TorchTensor>> tensors)
{
    /// <summary>What the name of a recurrent layer's first weights ends in.</summary>
    public const string Recurrent = "weight_ih_l0";

    /// <summary>Gets the names with their tensors.</summary>
    public IReadOnlyList<KeyValuePair<string, TorchTensor>> Tensors => tensors;

    /// <summary>
    /// Finds the state_dict in what a file holds: the value itself, or the one dictionary in it that has recurrent layers, as in a
    /// checkpoint that has an optimiser's state beside it.
    /// </summary>
    /// <exception cref="FormatException">There is none, or there are several.</exception>
    public static StateDict Find(object? value)
    {
        if (value is not PickleDictionary root)
            throw new FormatException("it holds no state_dict. Save one: torch.save(model.state_dict(), path)");
        if (root.Items.Any(item => item.Value is TorchTensor))
            return Of(root);
        KeyValuePair<string, object?>[] found = [.. root.Items.Where(item => item.Value is PickleDictionary inner
            && inner.Items.Any(entry => entry.Value is TorchTensor && entry.Key.EndsWith(Recurrent, StringComparison.Ordinal)))];
        return found.Length == 1
            ? Of((PickleDictionary)found[0].Value!)
            : throw new FormatException(found.Length == 0
                ? $"it holds no state_dict with recurrent layers ('…{Recurrent}')"
                : $"it holds several state_dicts ({string.Join(", ", found.Select(item => $"'{item.Key}'"))}). Save the one: "
                    + "torch.save(model.state_dict(), path)");
    }

    private static StateDict Of(PickleDictionary dictionary) => new([.. dictionary.Items
        .Where(item => item.Value is TorchTensor)
        .Select(item => KeyValuePair.Create(item.Key, (TorchTensor)item.Value!))]);
}
