using RnnLm.Data;
using RnnLm.Modeling;

namespace RnnLm.Engines;

/// <summary>Says what is wrong with a minibatch before kernels without bounds checks read it.</summary>
internal static class MinibatchCheck
{
    public static void Check(Minibatch batch, ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int size = checked(batch.Length * batch.BatchSize);
        if (batch.Length < 1 || batch.BatchSize < 1)
            throw Fault($"has {batch.Length} positions of {batch.BatchSize} sequences, but needs at least one of each");
        if (batch.Inputs.Length < size)
            throw Fault($"holds {batch.Inputs.Length} inputs, but {batch.Length} positions of {batch.BatchSize} sequences need {size}");
        if (batch.Targets.Length > 0 && batch.Targets.Length < size)
            throw Fault($"holds {batch.Targets.Length} targets, but needs {size}");
        Within(batch.Targets.AsSpan(0, Math.Min(size, batch.Targets.Length)), Minibatch.Ignore, config.VocabularySize, "target");
        if (batch.Lengths is { } lengths)
            CheckLengths(lengths, batch);
        if (batch.InitialHidden is { } initial && initial.Length < config.Layers * config.Directions * batch.BatchSize * config.HiddenSize)
            throw Fault("has an initial hidden state that is too short for [layers, sequences, hidden units]");
        if (batch.FreeRunning is { } free && (free.Length < size || config.Classes > 0))
            throw Fault("has free-running positions, which need one flag a position and a language model");
        if (config.Conditions > 0 && batch.Conditions is null && !batch.CarryState && batch.InitialHidden is null)
            throw Fault("has no conditions, but the model starts from them");
        CheckPerSequence(batch.Conditions, batch.BatchSize, -1, config.Conditions, "condition");
        CheckPerSequence(batch.Labels, batch.BatchSize, 0, config.Classes, "label");
    }

    /// <summary>Checks that ids go from <paramref name="least"/> to below <paramref name="limit"/>.</summary>
    public static void Within(ReadOnlySpan<int> values, int least, int limit, string what)
    {
        foreach (int value in values)
        {
            if (value < least || value >= limit)
                throw Fault($"has the {what} {value}, but the model knows {least} to {limit - 1}");
        }
    }

    private static void CheckLengths(int[] lengths, Minibatch batch)
    {
        if (lengths.Length < batch.BatchSize)
            throw Fault($"holds {lengths.Length} lengths for {batch.BatchSize} sequences");
        for (int b = 0; b < batch.BatchSize; b++)
        {
            if (lengths[b] < 1 || lengths[b] > batch.Length)
                throw Fault($"has a sequence of length {lengths[b]}; lengths go from 1 to {batch.Length}");
            if (b > 0 && lengths[b] > lengths[b - 1])
                throw Fault("has lengths that are not sorted, longest first");
        }
    }

    private static void CheckPerSequence(int[]? values, int batchSize, int least, int limit, string what)
    {
        if (values is null || limit == 0)
            return;
        if (values.Length < batchSize)
            throw Fault($"holds {values.Length} {what}s for {batchSize} sequences");
        Within(values.AsSpan(0, batchSize), least, limit, what);
    }

    private static ArgumentException Fault(string fault) => new($"The minibatch {fault}.");
}
