using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using RnnLm.Numerics;

namespace RnnLm.Benchmarks;

/// <summary>The activations of 2,048 gates, beside those of System.Numerics.Tensors.</summary>
public class ActivationBenchmarks
{
    private readonly float[] _x = Width.Random(2048), _y = new float[2048];

    [Benchmark]
    public void Exp() => VectorMath.Exp(_x, _y);

    [Benchmark]
    public void TensorsExp() => TensorPrimitives.Exp<float>(_x, _y);

    [Benchmark]
    public void Sigmoid() => VectorMath.Sigmoid(_x, _y);

    [Benchmark]
    public void TensorsSigmoid() => TensorPrimitives.Sigmoid<float>(_x, _y);

    [Benchmark]
    public void Tanh() => VectorMath.Tanh(_x, _y);

    [Benchmark]
    public void TensorsTanh() => TensorPrimitives.Tanh<float>(_x, _y);
}
