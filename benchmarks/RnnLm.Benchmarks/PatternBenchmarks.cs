using System.Text;
using BenchmarkDotNet.Attributes;
using RnnLm.Engines;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Managed;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.Benchmarks;

/// <summary>64 texts of 100 characters, written freely and by a pattern.</summary>
public class PatternBenchmarks : IDisposable
{
    private const int Texts = 64, Length = 100;

    private static readonly TextFraming Framing =
        new(new CharVocabulary(Enumerable.Range(' ', 95).Select(value => new Rune(value)), UnknownCharacterPolicy.Skip), DataMode.Stream);

    private ILanguageModelRuntime? _model;
    private TextGenerator? _free, _patterned;

    [Params("Rnn 100", "Gru 256", "Lstm 512")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string[] parts = Shape.Split(' ');
        var config = new ModelConfig
        {
            Cell = Enum.Parse<CellType>(parts[0]),
            HiddenSize = int.Parse(parts[1]),
            VocabularySize = Framing.Vocabulary.Size
        };
        var weights = new ModelWeights(config);
        foreach (WeightTensor tensor in weights)
            Width.Random(tensor.Values.Length).CopyTo(tensor.Values.AsSpan());
        _model = new ManagedEngine().LoadLanguageModel(config, weights, new InferenceOptions { Threads = 1 });
        _free = Generator(null);
        _patterned = Generator("(?:[A-Z]?[a-z]{1,9}(?:, | |: ))*[a-z]+");
    }

    [Benchmark(Baseline = true)]
    public int Free() => Write(_free!);

    [Benchmark]
    public int Patterned() => Write(_patterned!);

    [GlobalCleanup]
    public void Dispose()
    {
        _model?.Dispose();
        GC.SuppressFinalize(this);
    }

    private TextGenerator Generator(string? pattern) =>
        new(_model!, Framing, new SamplingOptions { Seed = 1, MaxLength = Length, Pattern = pattern }, Texts);

    private static int Write(TextGenerator generator) =>
        generator.Generate(Enumerable.Range(0, Texts).Select(row => new GenerationRequest(default, (ulong)row)))
        .Sum(result => result.Samples[0].Length);
}
