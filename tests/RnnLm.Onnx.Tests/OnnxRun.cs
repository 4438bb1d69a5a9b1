using Microsoft.ML.OnnxRuntime;

namespace RnnLm.Onnx.Tests;

/// <summary>A graph in ONNX Runtime.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxRun(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _session = new InferenceSession(path, options);
    }

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    public IEnumerable<string> Inputs => _session.InputMetadata.Keys;

    public IEnumerable<string> Outputs => _session.OutputMetadata.Keys;

    /// <summary>Makes a column of strings. // [N, 1]</summary>
    public static OrtValue Column(IReadOnlyCollection<string> values)
    {
        OrtValue column = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [values.Count, 1]);
        int row = 0;
        foreach (string value in values)
            column.StringTensorSetElementAt(value, row++);
        return column;
    }

    public static OrtValue Tensor<T>(T[] values, params long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(values, shape);

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">The inputs by their names; disposed of.</param>
    /// <returns>The outputs by their names, each as an array.</returns>
    public Dictionary<string, Array> Run(params (string Name, OrtValue Value)[] inputs)
    {
        using var options = new RunOptions();
        string[] names = [.. Outputs];
        using IDisposableReadOnlyCollection<OrtValue> made =
            _session.Run(options, inputs.ToDictionary(input => input.Name, input => input.Value, StringComparer.Ordinal), names);
        foreach ((_, OrtValue value) in inputs)
            value.Dispose();
        return names.Zip(made).ToDictionary(pair => pair.First, pair => Read(pair.Second), StringComparer.Ordinal);
    }

    public void Dispose() => _session.Dispose();

    private static Array Read(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
        _ => value.GetStringTensorAsArray(),
    };
}
