using Microsoft.ML.OnnxRuntime;

namespace RnnLm.Peers;

/// <summary>ONNX Runtime with a graph of one step.</summary>
internal sealed class OnnxRuntimePeer : IDisposable
{
    private readonly PeerConfig _config;
    private readonly string[] _states;
    private readonly InferenceSession _session;

    public OnnxRuntimePeer(PeerConfig config, int threads)
    {
        _config = config;
        var graph = new StepGraph(config);
        _states = graph.States;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL
        };
        _session = new InferenceSession(graph.ToArray(), options);
    }

    /// <summary>Writes several texts side by side, each character known before the next.</summary>
    /// <returns>Characters a second.</returns>
    public double Sample(int texts, double seconds)
    {
        int size = texts * _config.Hidden, vocabulary = _config.Vocabulary;
        long[] ids = new long[texts];
        float[] probabilities = new float[texts * vocabulary];
        float[][] states = [.. _states.Select(_ => new float[size])], next = [.. _states.Select(_ => new float[size])];
        OrtValue[] inputs = [OrtValue.CreateTensorValueFromMemory(ids, [1, texts]), .. states.Select(Tensor)];
        OrtValue[] outputs = [OrtValue.CreateTensorValueFromMemory(probabilities, [1, texts, vocabulary]), .. next.Select(Tensor)];
        string[] inputNames = ["ids", .. _states], outputNames = ["p", .. _states.Select(state => $"{state}-new")];
        using var options = new RunOptions();
        var random = new Random(1);
        double rate = Rate.Of(() =>
        {
            _session.Run(options, inputNames, inputs, outputNames, outputs);
            for (int i = 0; i < states.Length; i++)
                next[i].CopyTo(states[i], 0);
            for (int lane = 0; lane < texts; lane++)
                ids[lane] = Draw(probabilities.AsSpan(lane * vocabulary, vocabulary), random.NextDouble());
        }, seconds);
        foreach (OrtValue value in inputs.Concat(outputs))
            value.Dispose();
        return rate * texts;

        OrtValue Tensor(float[] values) => OrtValue.CreateTensorValueFromMemory(values, [1, texts, _config.Hidden]);
    }

    public void Dispose() => _session.Dispose();

    private static int Draw(ReadOnlySpan<float> probabilities, double uniform)
    {
        int token = 0;
        while (token < probabilities.Length - 1 && (uniform -= probabilities[token]) > 0)
            token++;
        return token;
    }
}
