namespace RnnLm.Cli;

/// <summary>Writes <c>NAME.consumption.cs</c>: what an application uses the model by.</summary>
internal static class ConsumptionCode
{
    public static string Write(GeneratedModel model)
    {
        int samples = model.Config.Options.Sampling.NumSamples;
        string output = model.Config.Classifies ? """
                    /// <summary>Gets or sets the number of the most likely label, from 1; <see cref="PredictAllLabels"/> gives its name.</summary>
                    public uint PredictedLabel { get; set; }

                    /// <summary>Gets or sets the probability of each label.</summary>
                    public float[] Score { get; set; } = [];
            """ : samples > 1 ? $"""
                    /// <summary>Gets or sets the continuations.</summary>
                    [VectorType({samples})]
                    public string[] Continuation {"{ get; set; }"} = [];
            """ : """
                    /// <summary>Gets or sets the continuation.</summary>
                    public string Continuation { get; set; } = "";
            """;
        return TrainingCode.Head(model) + $$"""

            public partial class {{model.Name}}
            {
                /// <summary>What the model reads.</summary>
                public class ModelInput
                {
            {{Column(model.TextIndex, model.IsTable, "Text", model.Config.Classifies ? "the text" : "the text to learn, and the prompt to continue")}}{{(model.HasTarget ? "\n\n" + Column(model.TargetIndex, model.IsTable, "Target", "the target of the text; read in training only") : "")}}{{(model.Category is { } category ? "\n\n" + Column(model.CategoryIndex, model.IsTable, category, model.HasCondition ? "what steers the text" : "the label of the text; read in training only") : "")}}
                }

                /// <summary>What the model writes.</summary>
                public class ModelOutput
                {
            {{output}}
                }

                private static readonly ConcurrentDictionary<string, Lazy<PredictionEngine<ModelInput, ModelOutput>>> PredictEngines = new(StringComparer.Ordinal);

                /// <summary>Gets or sets the zip that is used where no other is named. At first it is the one beside the program.</summary>
                public static string ModelPath { get; set; } = Path.Combine(AppContext.BaseDirectory, {{CSharp.Literal(model.FileName + ".zip")}});

                /// <summary>{{(model.Config.Classifies ? "Tells the label of" : "Continues")}} a text. May be called from several threads, which then wait for each other; a server takes a PredictionEnginePool.</summary>
                /// <param name="input">The text.</param>
                /// <param name="modelPath">The zip, which is loaded the first time; null for <see cref="ModelPath"/>.</param>
                public static ModelOutput Predict(ModelInput input, string? modelPath = null)
                {
                    Lazy<PredictionEngine<ModelInput, ModelOutput>> engine = PredictEngine(modelPath);
                    lock (engine)
                        return engine.Value.Predict(input);
                }
            {{(model.Config.Classifies ? Labels + "\n" : "")}}
                /// <summary>Loads a model for one thread.</summary>
                /// <param name="modelPath">The zip.</param>
                /// <param name="gpuDeviceId">The number of the GPU to run on; null for the CPU.</param>
                public static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine(string modelPath, int? gpuDeviceId = {{CSharp.Literal(model.Gpu)}})
                {
                    var mlContext = new MLContext { GpuDeviceId = gpuDeviceId, FallbackToCpu = true };
                    ITransformer model = mlContext.Model.Load(modelPath, out _);
                    return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
                }

                /// <summary>Finds the {{(model.Config.Classifies ? "classifier in a loaded model" : "language model in a loaded model: for streams of text, sessions and scores")}}.</summary>
                public static {{model.Kind}}Transformer {{(model.Config.Classifies ? "FindClassifier" : "FindLanguageModel")}}(ITransformer model) =>
                    model as {{model.Kind}}Transformer ?? ((IEnumerable<ITransformer>)model).OfType<{{model.Kind}}Transformer>().Single();

                private static Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine(string? modelPath) => PredictEngines.GetOrAdd(
                    Path.GetFullPath(modelPath ?? ModelPath), path => new(() => CreatePredictEngine(path), LazyThreadSafetyMode.PublicationOnly));
            }

            """.ReplaceLineEndings("\n");
    }

    private const string Labels = """

            /// <summary>Tells how probable each label of a text is, the most likely first.</summary>
            /// <param name="input">The text.</param>
            /// <param name="modelPath">The zip, which is loaded the first time; null for <see cref="ModelPath"/>.</param>
            public static IReadOnlyList<KeyValuePair<string, float>> PredictAllLabels(ModelInput input, string? modelPath = null)
            {
                Lazy<PredictionEngine<ModelInput, ModelOutput>> engine = PredictEngine(modelPath);
                lock (engine)
                    return NameScores(engine.Value.OutputSchema, engine.Value.Predict(input).Score);
            }

            /// <summary>Puts the names of labels to their probabilities, the most likely first.</summary>
            public static IReadOnlyList<KeyValuePair<string, float>> NameScores(DataViewSchema schema, float[] score)
            {
                VBuffer<ReadOnlyMemory<char>> names = default;
                schema[nameof(ModelOutput.Score)].GetSlotNames(ref names);
                return [.. names.DenseValues().Zip(score, (name, probability) => KeyValuePair.Create(name.ToString(), probability)).OrderByDescending(label => label.Value)];
            }
        """;

    private static string Column(int? index, bool isTable, string name, string description) => ($$"""
                /// <summary>Gets or sets {{description}}.</summary>

        """ + (isTable && index is not null ? $"        [LoadColumn({index})]\n" : "") + $$"""
                public string {{name}} { get; set; } = "";
        """).ReplaceLineEndings("\n");
}
