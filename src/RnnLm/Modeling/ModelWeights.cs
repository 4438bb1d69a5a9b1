using System.Collections;

namespace RnnLm.Modeling;

/// <summary>
/// The weights of a model on the CPU, by PyTorch's names: <c>embedding.weight</c> [V, E], <c>rnn.weight_ih_l0</c> [G·H, E or V],
/// <c>rnn.weight_hh_l0</c> [G·H, H], <c>rnn.bias_ih_l0</c>, <c>rnn.bias_hh_l0</c> [G·H], <c>output.weight</c> [V, H], <c>output.bias</c>
/// [V], further layers <c>l1</c>, <c>l2</c>; the backward direction ends in <c>_reverse</c>. Learned initial states are
/// <c>initial_state</c> [L·S, H] and conditions <c>condition.weight</c> [C, L·S·H], S being 2 (hidden, cell) for an LSTM and else 1, layer
/// by layer, hidden before cell.
/// </summary>
internal sealed class ModelWeights : IReadOnlyCollection<WeightTensor>
{
    private readonly List<WeightTensor> _tensors = [];
    private readonly Dictionary<string, WeightTensor> _byName = new(StringComparer.Ordinal);

    /// <summary>Makes weights of zeros in the shapes that <paramref name="config"/> asks for.</summary>
    /// <param name="config">The model.</param>
    public ModelWeights(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        foreach ((string name, int[] shape) in Layout(config))
        {
            var tensor = new WeightTensor(name, shape);
            _tensors.Add(tensor);
            _byName.Add(name, tensor);
        }
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
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WeightTensor? tensor) =>
        _byName.TryGetValue(name, out tensor);

    /// <summary>Gets whether every weight is a finite number.</summary>
    internal bool AreFinite => _tensors.TrueForAll(tensor => tensor.IsFinite);

    /// <inheritdoc/>
    public IEnumerator<WeightTensor> GetEnumerator() => _tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lists the names and shapes of a model's weights without making them.</summary>
    internal static IEnumerable<(string Name, int[] Shape)> Layout(ModelConfig config)
    {
        int gh = config.Gates * config.HiddenSize;
        if (config.EmbeddingSize > 0)
            yield return ("embedding.weight", [config.VocabularySize, config.EmbeddingSize]);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            for (int direction = 0; direction < config.Directions; direction++)
            {
                string suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                yield return ("rnn.weight_ih" + suffix, [gh, config.InputSize(layer)]);
                yield return ("rnn.weight_hh" + suffix, [gh, config.HiddenSize]);
                yield return ("rnn.bias_ih" + suffix, [gh]);
                yield return ("rnn.bias_hh" + suffix, [gh]);
            }
        }

        int stateRows = config.Layers * config.Directions * config.StatesPerLayer;
        if (config.InitialState == InitialState.Learned)
            yield return ("initial_state", [stateRows, config.HiddenSize]);
        if (config.Conditions > 0)
            yield return ("condition.weight", [config.Conditions, stateRows * config.HiddenSize]);
        if (!config.TieWeights)
            yield return ("output.weight", [config.OutputSize, config.HiddenSize * config.Directions]);
        yield return ("output.bias", [config.OutputSize]);
    }
}
