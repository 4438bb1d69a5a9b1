namespace RnnLm.Modeling;

/// <summary>The state from which a text without a condition starts.</summary>
internal static class StartingState
{
    /// <summary>Returns the state, layer by layer, hidden before cell. One that is drawn for each text counts as zeros. //
    /// [L·D·S·H]</summary>
    public static float[] Of(ModelConfig config, ModelWeights weights)
    {
        if (config.InitialState == InitialState.Learned)
            return [.. weights["initial_state"].Values];
        int layer = config.StatesPerLayer * config.HiddenSize;
        float[] state = new float[config.Layers * config.Directions * layer];
        if (config.InitialState == InitialState.Ones)
        {
            for (int start = 0; start < state.Length; start += layer)
                state.AsSpan(start, config.HiddenSize).Fill(1);
        }

        return state;
    }
}
