using System.Runtime.Intrinsics;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Tests;

/// <summary>
/// Training on vectors of 128, 256 and 512 bits, which stand for processors that have no wider ones. (On one without fused multiply-adds,
/// products are rounded in between, which no test on another processor can show.)
/// </summary>
public class VectorWidthTests
{
    [Theory]
    [InlineData(CellType.Rnn, 5, false)]
    [InlineData(CellType.Lstm, 65, false)]
    [InlineData(CellType.Gru, 33, false)]
    [InlineData(CellType.Gru, 29, true)]
    public void TrainingHasTheSameBitsAtEveryWidth(CellType cell, int vocabulary, bool classifies)
    {
        ModelConfig config = new()
        {
            Task = classifies ? ModelTask.Classification : ModelTask.LanguageModel,
            Cell = cell, VocabularySize = vocabulary, HiddenSize = 100, Layers = 2, EmbeddingSize = 17, Bidirectional = classifies,
                Classes = classifies ? 7 : 0,
        };
        float[] expected = Train<Simd128, Vector128<float>>(config);

        Assert.DoesNotContain(expected, float.IsNaN);
        Assert.Equal(expected, Train<Simd256, Vector256<float>>(config));
        Assert.Equal(expected, Train<Simd512, Vector512<float>>(config));
    }

    private static float[] Train<TSimd, TVector>(ModelConfig config)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        var options = new TrainingSessionOptions
        {
            Optimizer = new() { ClipNorm = 0.5 },
            Dropout = new() { BetweenLayers = 0.2 },
            Threads = 2
        };
        using var session = new ManagedTrainingSession<FloatVector<TSimd, TVector>>(config, FormulaModels.Weights(config), options);
        Minibatch batch = FormulaModels.Batch(config, length: 7, size: 19, lengths: [.. Enumerable.Range(0, 19).Select(b => 7 - (b / 3))]);
        for (int step = 0; step < 5; step++)
        {
            session.Accumulate(batch);
            session.Update(0.01);
        }

        var weights = new ModelWeights(config);
        session.ReadWeights(weights);
        return [.. weights.SelectMany(t => t.Values),
            .. session.TakeStatistics().SelectMany(s => new[] { (float)s.Loss, (float)s.GradientNorm })];
    }
}
