using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;

namespace RnnLm.TorchSharp.Tests;

/// <summary>A batch that reads the model's own predictions is the batch with those predictions written in as inputs.</summary>
public sealed class FreeRunningTests
{
    [LibTorchTheory]
    [InlineData(CellType.Rnn, false)]
    [InlineData(CellType.Gru, true)]
    [InlineData(CellType.Lstm, false)]
    [InlineData(CellType.Lstm, true)]
    public void FreeRunningEqualsReadingThePredictions(CellType cell, bool withLengths)
    {
        ModelConfig config = SmallModels.Config(cell, layers: 2);
        int[]? lengths = withLengths ? [6, 4, 2, 1] : null;
        bool[] free = new bool[24];
        foreach (int place in new[] { 4, 6, 9, 14, 15, 20, 21, 22 })
            free[place] = true;
        using ITrainingSession running = SmallModels.Train(config), written = SmallModels.Train(config);
        Minibatch batch = SmallModels.Batch(config, lengths: lengths, freeRunning: free);
        IgnorePadding(batch);
        Minibatch plain = SmallModels.Batch(config, lengths: lengths);
        IgnorePadding(plain);
        WritePredictions(config, plain, free);
        Assert.NotEqual(batch.Inputs, plain.Inputs);

        running.Accumulate(batch);
        written.Accumulate(plain);
        var actual = new ModelWeights(config);
        var expected = new ModelWeights(config);
        running.ReadGradients(actual);
        written.ReadGradients(expected);
        foreach (WeightTensor tensor in expected)
            Assert.All(tensor.Values.Zip(actual[tensor.Name].Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        // The states that are carried on agree too.
        Assert.Equal(written.SaveState().Single(saved => saved.Name == "state.hidden").Values,
            running.SaveState().Single(saved => saved.Name == "state.hidden").Values,
            (one, other) => Math.Abs(one - other) < 1e-5f);
    }

    private static void WritePredictions(ModelConfig config, Minibatch batch, bool[] free)
    {
        using ILanguageModelRuntime model =
            SmallModels.Engine.LoadLanguageModel(config, SmallModels.Weights(config), new InferenceOptions());
        using IInferenceSession session = model.CreateSession(batch.BatchSize);
        var logits = new float[batch.BatchSize * config.VocabularySize];
        for (int t = 0; t < batch.Length; t++)
        {
            Span<int> inputs = batch.Inputs.AsSpan(t * batch.BatchSize, batch.BatchSize);
            for (int b = 0; b < inputs.Length; b++)
            {
                Span<float> own = logits.AsSpan(b * config.VocabularySize, config.VocabularySize);
                if (free[(t * batch.BatchSize) + b])
                    inputs[b] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(own);
            }

            session.Step(inputs, logits);
        }
    }

    private static void IgnorePadding(Minibatch batch)
    {
        for (int i = 0; i < batch.Targets.Length; i++)
        {
            if (batch.Lengths is not null && i / batch.BatchSize >= batch.Lengths[i % batch.BatchSize])
                batch.Targets[i] = Minibatch.Ignore;
        }
    }
}
