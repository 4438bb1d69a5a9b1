using Microsoft.ML;

namespace OnnxMLNet;

/// <summary>The code that docs/onnx.md shows for ML.NET; it is compiled and run in tests/RnnLm.Onnx.MLNet.Tests.</summary>
internal static class OnnxSamples
{
    public static ITransformer Score(MLContext ml, IDataView rows)
    {
        var pipeline = ml.Transforms.CopyColumns("text", "Text")
            .Append(ml.Transforms.ApplyOnnxModel(["log_probability", "count"], ["text"], "scores.onnx"));
        return pipeline.Fit(rows);
    }
}
