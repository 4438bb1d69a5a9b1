using System.Collections;

namespace RnnLm;

/// <summary>
/// The weights of a model on the CPU, by PyTorch's names: <c>embedding.weight</c> [V, E], <c>rnn.weight_ih_l0</c> [G·H, E or V],
/// <c>rnn.weight_hh_l0</c> [G·H, H], <c>rnn.bias_ih_l0</c>, <c>rnn.bias_hh_l0</c> [G·H], <c>output.weight</c> [V, H], <c>output.bias</c> [V],
/// further layers <c>l1</c>, <c>l2</c>; the backward direction ends in <c>_reverse</c>. Learned initial states are <c>initial_state</c> [L·S, H] and
/// conditions <c>condition.weight</c> [C, L·S·H], S being 2 (hidden, cell) for an LSTM and else 1, layer by layer, hidden before cell.
/// </summary>
public sealed class ModelWeights : IReadOnlyCollection<WeightTensor>
{
    private readonly List<WeightTensor> _tensors = [];
    private readonly Dictionary<string, WeightTensor> _byName = new(StringComparer.Ordinal);

    /// <summary>Makes weights of zeros in the shapes that <paramref name="config"/> asks for.</summary>
    /// <param name="config">The model.</param>
    public ModelWeights(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        int gh = config.Gates * config.HiddenSize;
        if (config.EmbeddingSize > 0)
            Add("embedding.weight", config.VocabularySize, config.EmbeddingSize);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            for (int direction = 0; direction < config.Directions; direction++)
            {
                string suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                Add("rnn.weight_ih" + suffix, gh, config.InputSize(layer));
                Add("rnn.weight_hh" + suffix, gh, config.HiddenSize);
                Add("rnn.bias_ih" + suffix, gh);
                Add("rnn.bias_hh" + suffix, gh);
            }
        }

        int stateRows = config.Layers * config.Directions * config.StatesPerLayer;
        if (config.InitialState == InitialState.Learned)
            Add("initial_state", stateRows, config.HiddenSize);
        if (config.Conditions > 0)
            Add("condition.weight", config.Conditions, stateRows * config.HiddenSize);
        if (!config.TieWeights)
            Add("output.weight", config.OutputSize, config.HiddenSize * config.Directions);
        Add("output.bias", config.OutputSize);
    }

    /// <inheritdoc/>
    public int Count => _tensors.Count;

    /// <summary>Gets the number of weights in all tensors together.</summary>
    public long ParameterCount => _tensors.Sum(t => (long)t.Values.Length);

    /// <summary>Gets a tensor by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public WeightTensor this[string name] => _byName[name];

    /// <summary>Gets a tensor by its name, or says that there is none.</summary>
    /// <returns>Whether there is a tensor of that name.</returns>
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WeightTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Copies all values from weights of the same shapes.</summary>
    public void CopyFrom(ModelWeights source)
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (WeightTensor tensor in _tensors)
            source[tensor.Name].Values.CopyTo(tensor.Values.AsSpan());
    }

    /// <inheritdoc/>
    public IEnumerator<WeightTensor> GetEnumerator() => _tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(string name, params int[] shape)
    {
        var tensor = new WeightTensor(name, shape);
        _tensors.Add(tensor);
        _byName.Add(name, tensor);
    }
}
