using Google.Protobuf;
using RnnLm.Files;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Onnx.Graphs;
using RnnLm.Onnx.Messages;

namespace RnnLm.Onnx.Models;

/// <summary>Writes models as ONNX files.</summary>
internal static class OnnxFile
{
    // What ONNX Runtime and ML.NET of the last years read.
    private const int IntermediateRepresentation = 8;

    private static readonly Dictionary<string, int> OperatorSets = new(StringComparer.Ordinal)
    {
        [""] = 17,
        ["ai.onnx.ml"] = 2,
        ["com.microsoft"] = 1,
    };

    // Graph and metadata take less than the rest.
    private const long MostBytes = int.MaxValue - (64L << 20);

    /// <summary>Writes the scores of a language model, or a classifier.</summary>
    /// <param name="path">The file. It is replaced as a whole or not at all.</param>
    /// <param name="model">The model.</param>
    /// <param name="graph">What the graph reads.</param>
    /// <exception cref="NotSupportedException">A graph can't do what the model does; the message says what.</exception>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public static void Save(string path, SavedModel model, OnnxGraph graph)
    {
        Check(model, graph);
        bool areStrings = graph == OnnxGraph.Text;
        (GraphBuilder built, string kind) = (graph, model.Config.Task) switch
        {
            (OnnxGraph.Step, _) => (StepGraph.Build(model), "language_model"),
            (_, ModelTask.Classification) => (ClassifierGraph.Build(model, areStrings), "text_classifier"),
            _ => (ScoreGraph.Build(model, areStrings), "text_scorer"),
        };
        Write(path, model, built, kind, graph);
    }

    /// <summary>Writes the features of a language model.</summary>
    /// <param name="path">The file. It is replaced as a whole or not at all.</param>
    /// <param name="model">The model.</param>
    /// <param name="graph">What the graph reads.</param>
    /// <param name="pooling">How the states of a text become one.</param>
    /// <param name="allLayers">Whether the states of all layers are taken.</param>
    /// <exception cref="NotSupportedException">A graph can't do what the model does; the message says what.</exception>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public static void SaveFeatures(string path, SavedModel model, OnnxGraph graph, Pooling pooling, bool allLayers)
    {
        if (graph == OnnxGraph.Step)
            throw new NotSupportedException("A graph of one step gives no features: they are of whole texts. Write the graph of texts or "
                + "of ids.");
        Check(model, graph);
        Write(path, model, FeatureGraph.Build(model, graph == OnnxGraph.Text, pooling, allLayers), "text_featurizer", graph);
    }

    /// <summary>Refuses a model that is too large for a file.</summary>
    internal static void CheckSize(ModelConfig config)
    {
        long bytes = ModelWeights.Layout(config)
            .Sum(tensor => tensor.Shape.Aggregate((long)sizeof(float), (product, length) => product * length));
        if (bytes > MostBytes)
            throw new NotSupportedException($"The weights take {bytes / 1e9:F1} GB, and an ONNX file holds at most 2 GB.");
    }

    private static void Check(SavedModel model, OnnxGraph graph)
    {
        CheckSize(model.Config);
        if (graph == OnnxGraph.Step && model.Config.Task == ModelTask.Classification)
            throw new NotSupportedException("A classifier has no graph of one step: it reads whole texts. Write the graph of texts or of "
                + "ids.");
        if (graph == OnnxGraph.Text && model.Vocabulary.UnknownCharacters == UnknownCharacterPolicy.Throw)
            throw new NotSupportedException("The model was trained to refuse unknown characters, and a graph can't say which character of "
                + "a "
                + "text is unknown, and where. Write the graph of ids, or train with another policy for unknown characters.");
    }

    private static void Write(string path, SavedModel model, GraphBuilder graph, string kind, OnnxGraph reads)
    {
        var file = new ModelProto
        {
            IrVersion = IntermediateRepresentation,
            ProducerName = "RnnLm",
            ProducerVersion = SavedModelReader.Producer.Split(' ')[^1],
            Graph = graph.Graph,
            // Those that are used alone: a reader may not have the others.
            OpsetImport =
            {
                graph.Graph.Node.Select(node => node.Domain).Distinct(StringComparer.Ordinal)
                    .Select(domain => new OperatorSetIdProto { Domain = domain, Version = OperatorSets[domain] }),
            },
            MetadataProps =
            {
                GraphMetadata.Of(model, kind, reads).Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }),
            },
        };
        AtomicFile.Write(path, file.WriteTo);
    }
}
