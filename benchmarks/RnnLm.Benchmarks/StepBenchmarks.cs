using BenchmarkDotNet.Attributes;
using RnnLm.Engines;
using RnnLm.Managed.Inference;
using RnnLm.Modeling;

namespace RnnLm.Benchmarks;

/// <summary>One step of texts through a model: the matrix-vector form for one text, the matrix form for 64.</summary>
public class StepBenchmarks : IDisposable
{
    private const int Vocabulary = 65;
    private ManagedLanguageModel? _model;
    private IInferenceSession? _session;
    private int[] _tokens = [];
    private float[] _logits = [];

    [Params("Rnn 100", "Lstm 128 x 2", "Gru 256", "Lstm 512")]
    public string Shape { get; set; } = "";

    [Params(1, 64)]
    public int Texts { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(16, 8)]
    public int Lanes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string[] parts = Shape.Split(' ');
        var config = new ModelConfig
        {
            Cell = Enum.Parse<CellType>(parts[0]),
            HiddenSize = int.Parse(parts[1]),
            Layers = parts.Length > 2 ? int.Parse(parts[3]) : 1,
            VocabularySize = Vocabulary,
        };
        var weights = new ModelWeights(config);
        foreach (WeightTensor tensor in weights)
            Width.Random(tensor.Values.Length).CopyTo(tensor.Values.AsSpan());
        _model = new ManagedLanguageModel(config, weights, Threads, Lanes);
        _session = _model.CreateSession(Texts);
        _tokens = [.. Enumerable.Range(0, Texts).Select(i => i % Vocabulary)];
        _logits = new float[Texts * Vocabulary];
    }

    [Benchmark]
    public void Step() => _session!.Step(_tokens, _logits);

    [GlobalCleanup]
    public void Dispose()
    {
        _session?.Dispose();
        _model?.Dispose();
        GC.SuppressFinalize(this);
    }
}
