using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Modeling;
using RnnLm.TorchSharp.Training;

namespace RnnLm.TorchSharp.Tests;

public class FlatParametersTests
{
    /// <summary>What a GPU reads of layers with dropout between them; see CudaTests for a GPU's own word.</summary>
    [LibTorchTheory]
    [InlineData(CellType.Lstm, false)]
    [InlineData(CellType.Gru, true)]
    public void CopiesThatFusedCallsReadFollowTheWeights(CellType cell, bool bidirectional)
    {
        ModelConfig config = SmallModels.Config(cell, layers: 3) with { Bidirectional = bidirectional };
        using CharRnnModule module = CharRnnModule.Create(config, torch.CPU, dropout: new() { BetweenLayers = 0.5 });
        using var flat = new FlatParameters(module, SmallModels.Weights(config), copied: true);
        using DisposeScope scope = torch.NewDisposeScope();
        using (torch.no_grad())
        {
            flat.Values.mul_(3);
            flat.Publish();
        }

        foreach ((string name, torch.Tensor parameter) in module.named_parameters())
        {
            float[] expected = [.. SmallModels.Weights(config)[name].Values.Select(value => 3 * value)];
            Assert.Equal(expected, parameter.cpu().data<float>().ToArray());
        }

        // The weights of each call stand at the start of a storage, without gaps: where each begins is the length of those before it.
        for (int layer = 0; layer < 3; layer++)
        {
            var places = module.named_parameters().Where(named => module.CallOf(named.name) == layer + 1)
                .Select(named => (Start: named.parameter.storage_offset(), named.parameter.NumberOfElements)).OrderBy(place => place.Start)
                    .ToList();
            Assert.Equal(bidirectional ? 8 : 4, places.Count);
            long end = 0;
            Assert.All(places, place => Assert.Equal((end, end += place.NumberOfElements), (place.Start, end)));
        }
    }

    [LibTorchFact]
    public void TrainingWithCopiesIsTrainingWithout()
    {
        ModelConfig config = SmallModels.Config(CellType.Lstm, layers: 2);
        var options = new TrainingSessionOptions
        {
            Optimizer = new OptimizerOptions(),
            Dropout = new() { BetweenLayers = 0.2, Recurrent = 0.3 },
            Seed = 4
        };
        using ITrainingSession shared = new TorchSharpTrainingSession(config, SmallModels.Weights(config), options, torch.CPU,
            torch.ScalarType.Float32);
        using ITrainingSession copied = new TorchSharpTrainingSession(config, SmallModels.Weights(config), options, torch.CPU,
            torch.ScalarType.Float32, copied: true);
        for (int step = 0; step < 5; step++)
        {
            SmallModels.Step(shared, SmallModels.Batch(config, step));
            SmallModels.Step(copied, SmallModels.Batch(config, step));
        }

        Assert.Equal(SmallModels.Flat(shared, config), SmallModels.Flat(copied, config));
    }
}
