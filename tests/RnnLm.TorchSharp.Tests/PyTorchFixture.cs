using System.Text.Json;
using System.Text.Json.Serialization;

namespace RnnLm.TorchSharp.Tests;

/// <summary>A training run of PyTorch, from Fixtures/pytorch.json.</summary>
internal sealed record PyTorchFixture(
    string Name, ModelConfig Config, OptimizerOptions Optimizer, int Steps, int Length, int BatchSize, int[]? Lengths, bool CarryState, int[]? Conditions,
    bool Ignore, float[]? ClassWeights, float[]? InitialHidden, int Accumulate, double[] Losses, double[] Norms, float[] LastLogits, IReadOnlyDictionary<string, float[]> Weights)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };
    private static readonly Lazy<PyTorchFixture[]> Loaded = new(Load);

    public static IReadOnlyList<PyTorchFixture> All => Loaded.Value;

    /// <summary>Gets the batch of a step, or of a part of one where gradients are accumulated.</summary>
    public Minibatch Batch(int step)
    {
        Minibatch plain = SmallModels.Batch(Config, step, Length, BatchSize);
        int[] targets = [.. plain.Targets];
        for (int i = 0; i < targets.Length; i++)
        {
            int t = i / BatchSize, b = i % BatchSize;
            if ((Ignore && t < 2) || (Lengths is not null && t >= Lengths[b]))
                targets[i] = Minibatch.Ignore;
        }

        return new Minibatch
        {
            Length = Length,
            BatchSize = BatchSize,
            Inputs = plain.Inputs,
            Targets = targets,
            Labels = plain.Labels,
            Lengths = Lengths,
            CarryState = CarryState,
            Conditions = Conditions,
            ClassWeights = ClassWeights,
            InitialHidden = InitialHidden,
        };
    }

    private static PyTorchFixture[] Load()
    {
        using Stream stream = typeof(PyTorchFixture).Assembly.GetManifestResourceStream("pytorch.json")!;
        return JsonSerializer.Deserialize<PyTorchFixture[]>(stream, Json)!;
    }
}
