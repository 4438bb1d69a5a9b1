using BenchmarkDotNet.Attributes;
using RnnLm.Numerics;

namespace RnnLm.Benchmarks;

/// <summary>One draw for each text from the logits of a vocabulary.</summary>
public class SoftmaxSamplerBenchmarks
{
    private float[] _logits = [];
    private double[] _uniforms = [];
    private int[] _tokens = [];

    [Params(1, 64)]
    public int Texts { get; set; }

    [Params(28, 65, 1000)]
    public int Vocabulary { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _logits = Width.Random(Texts * Vocabulary);
        _uniforms = [.. Enumerable.Range(0, Texts).Select(_ => random.NextDouble())];
        _tokens = new int[Texts];
    }

    [Benchmark]
    public void Draw() => SoftmaxSampler.Sample(_logits, Vocabulary, 0.1f, _uniforms, _tokens);
}
