using RnnLm.Modeling;

namespace RnnLm.Managed.Inference;

/// <summary>All layers of a model, packed for inference, and the states from which its texts start.</summary>
internal sealed class ModelLayers
{
    private readonly float[] _initial;
    private readonly float[] _conditions;

    public ModelLayers(ModelConfig config, ModelWeights weights, int lanes)
    {
        Config = config;
        Recurrent = new PackedLayer[config.Layers * config.Directions];
        for (int i = 0; i < Recurrent.Length; i++)
            Recurrent[i] = PackedLayer.Create(config, weights, i / config.Directions, i % config.Directions, lanes);
        Output = PackedOutput.Create(weights[config.TieWeights ? "embedding.weight" : "output.weight"].Values,
            weights["output.bias"].Values, lanes);
        Embedding = Recurrent[0].ReadsTokens ? [] : [.. weights["embedding.weight"].Values];
        StateSize = Recurrent.Length * config.StatesPerLayer * config.HiddenSize;
        _initial = Modeling.StartingState.Of(config, weights);
        _conditions = config.Conditions > 0 ? [.. weights["condition.weight"].Values] : [];
    }

    public ModelConfig Config { get; }

    /// <summary>Gets the layers, of a bidirectional model forward before backward.</summary>
    public PackedLayer[] Recurrent { get; }

    public PackedOutput Output { get; }

    /// <summary>Gets the embedding where it is too large for a table of input products; else empty. // [V, E]</summary>
    public float[] Embedding { get; }

    /// <summary>Gets the number of floats of a text's state: L·D·S·H.</summary>
    public int StateSize { get; }

    /// <summary>Gets the state from which a text starts, layer by layer, hidden before cell.</summary>
    /// <param name="condition">The condition, or -1 for none, which gives the model's own initial state.</param>
    public ReadOnlySpan<float> StartingState(int condition)
    {
        if (condition == -1)
            return _initial;
        if ((uint)condition >= (uint)Config.Conditions)
        {
            throw new ArgumentOutOfRangeException(nameof(condition), condition, Config.Conditions == 0
                ? "The model has no conditions; leave the condition out."
                : $"The model has the conditions 0 to {Config.Conditions - 1}, and -1 for none.");
        }

        return _conditions.AsSpan(condition * StateSize, StateSize);
    }

    /// <summary>Throws where a token is not in the vocabulary: the kernels look it up unchecked.</summary>
    public void CheckTokens(ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)Config.VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"Tokens are from 0 to {Config.VocabularySize - 1}.");
        }
    }
}
