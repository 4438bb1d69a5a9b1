using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;
using Quickstart;

namespace Pool;

/// <summary>The code that docs/ml-net.md shows for a PredictionEnginePool; it is compiled and run in
/// tests/RnnLm.MLNet.Pool.Tests.</summary>
internal static class PoolSamples
{
    public static void Serve(IServiceCollection services)
    {
        services.AddPredictionEnginePool<Message, Reply>().FromFile("messages", "messages.zip", watchForChanges: true);
    }
}
