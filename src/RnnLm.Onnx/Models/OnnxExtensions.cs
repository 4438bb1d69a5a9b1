using RnnLm.Onnx.Models;

namespace RnnLm.Onnx;

/// <summary>Saves models as ONNX files, which ONNX Runtime and ML.NET's <c>ApplyOnnxModel</c> run without this library.</summary>
public static class OnnxExtensions
{
    /// <summary>
    /// Saves a language model. <see cref="OnnxGraph.Text"/> and <see cref="OnnxGraph.Ids"/> give the log-probability of each text, as
    /// <see cref="RnnLanguageModel.Score(string, string?)"/> does; <see cref="OnnxGraph.Step"/> gives the logits of what follows.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, such as <c>orders.onnx</c>. It is replaced as a whole or not at all.</param>
    /// <param name="graph">What the graph reads.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such graph.</exception>
    /// <exception cref="NotSupportedException">A graph can't do what the model does; the message says what.</exception>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public static void SaveOnnx(this RnnLanguageModel model, string path, OnnxGraph graph = OnnxGraph.Text)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxFile.Save(path, model.Saved, Defined(graph));
    }

    /// <summary>Saves a classifier. The graph gives the most likely label of each text, and the probability of each label.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, such as <c>suppliers.onnx</c>. It is replaced as a whole or not at all.</param>
    /// <param name="graph">What the graph reads: <see cref="OnnxGraph.Text"/> or <see cref="OnnxGraph.Ids"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such graph.</exception>
    /// <exception cref="NotSupportedException">A graph can't do what the model does; the message says what.</exception>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public static void SaveOnnx(this RnnTextClassifier model, string path, OnnxGraph graph = OnnxGraph.Text)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxFile.Save(path, model.Saved, Defined(graph));
    }

    /// <summary>Saves a language model as what turns texts into features, as <see cref="RnnLanguageModel.Encode"/> does.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, such as <c>features.onnx</c>. It is replaced as a whole or not at all.</param>
    /// <param name="graph">What the graph reads: <see cref="OnnxGraph.Text"/> or <see cref="OnnxGraph.Ids"/>.</param>
    /// <param name="pooling">The state after the text, or the mean or maximum over its characters.</param>
    /// <param name="allLayers">Whether the states of all layers are taken, one after the other, or those of the last layer alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such graph or pooling.</exception>
    /// <exception cref="NotSupportedException">A graph can't do what the model does; the message says what.</exception>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public static void SaveOnnxFeatures(this RnnLanguageModel model, string path, OnnxGraph graph = OnnxGraph.Text,
        Pooling pooling = Pooling.Last, bool allLayers = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxFile.SaveFeatures(path, model.Saved, Defined(graph), Defined(pooling), allLayers);
    }

    private static T Defined<T>(T value)
        where T : struct, Enum =>
        Enum.IsDefined(value)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"There is no {typeof(T).Name} {value}.");
}
