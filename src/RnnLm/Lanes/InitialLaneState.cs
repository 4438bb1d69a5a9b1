using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Lanes;

/// <summary>Puts lanes into the state from which a text starts.</summary>
internal static class InitialLaneState
{
    /// <param name="session">The session.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="config">The model.</param>
    /// <param name="condition">The condition, which is the state by itself; else -1.</param>
    /// <param name="initial">The kind of state, where there is no condition.</param>
    /// <param name="random">The numbers of a normal state; null for its mean, zeros.</param>
    public static void Write(IInferenceSession session, int lane, ModelConfig config, int condition, InitialState initial,
        CounterRandom? random = null)
    {
        if (condition < -1 || condition >= config.Conditions)
        {
            throw new ArgumentOutOfRangeException(nameof(condition), condition, config.Conditions == 0
                ? "The model has no conditions; give -1."
                : $"The model has the conditions 0 to {config.Conditions - 1}, and -1 for none.");
        }

        session.Reset(lane, condition);
        bool asTrained = initial == InitialState.Learned || (initial == InitialState.Zeros && config.InitialState == InitialState.Zeros);
        if (condition >= 0 || asTrained)
            return;
        var state = new float[session.StateSize];   // [L·S·H]
        int step = config.StatesPerLayer * config.HiddenSize;
        for (int layer = 0; layer < config.Layers; layer++)
            Fill(state.AsSpan(layer * step, config.HiddenSize), initial, ref random);
        session.WriteState(lane, state);
    }

    private static void Fill(Span<float> hidden, InitialState initial, ref CounterRandom? random)
    {
        if (initial == InitialState.Ones)
            hidden.Fill(1);
        if (initial != InitialState.Normal || random is not { } numbers)
            return;
        for (int i = 0; i < hidden.Length; i++)
            hidden[i] = (float)numbers.NextNormal();
        random = numbers;
    }
}
