using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.TorchSharp.Tests;

/// <summary>Runs by itself: the generator is the whole process's.</summary>
[CollectionDefinition(nameof(GlobalGeneratorTests), DisableParallelization = true)]
[Collection(nameof(GlobalGeneratorTests))]
public sealed class GlobalGeneratorTests
{
    [LibTorchFact]
    public void SessionsLeaveTorchsGlobalGeneratorWhereItWas()
    {
        using torch.Tensor before = torch.random.get_rng_state();
        ModelConfig config = SmallModels.Config(layers: 2) with { Conditions = 2 };
        using (ITrainingSession session = SmallModels.Train(config, dropout: 0.5))
            SmallModels.Step(session, SmallModels.Batch(config));
        using (ILanguageModelRuntime model =
            SmallModels.Engine.LoadLanguageModel(config, SmallModels.Weights(config), new InferenceOptions()))
        using (IInferenceSession session = model.CreateSession(1))
            session.Step([1], new float[7]);
        using torch.Tensor after = torch.random.get_rng_state();
        Assert.Equal(before.bytes.ToArray(), after.bytes.ToArray());
    }
}
