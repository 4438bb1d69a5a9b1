namespace RnnLm.Cli;

/// <summary>Writes <c>NAME.consumption.cs</c>: what an application uses the model by.</summary>
internal static class ConsumptionCode
{
    public static string Write(GeneratedModel model)
    {
        int samples = model.Config.Options.Sampling.NumSamples;
        string output = samples > 1 ? $"""
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
            {{Column(model.TextIndex, model.IsTable, "Text", "the text to learn, and the prompt to continue")}}{{(model.HasTarget ? "\n\n" + Column(model.TargetIndex, model.IsTable, "Target", "the target of the text; read in training only") : "")}}{{(model.HasCondition ? "\n\n" + Column(model.ConditionIndex, model.IsTable, "Condition", "what steers the text") : "")}}
                }

                /// <summary>What the model writes.</summary>
                public class ModelOutput
                {
            {{output}}
                }

                private static readonly ConcurrentDictionary<string, Lazy<PredictionEngine<ModelInput, ModelOutput>>> PredictEngines = new(StringComparer.Ordinal);

                /// <summary>Gets or sets the zip that is used where no other is named. At first it is the one beside the program.</summary>
                public static string ModelPath { get; set; } = Path.Combine(AppContext.BaseDirectory, {{CSharp.Literal(model.FileName + ".zip")}});

                /// <summary>Continues a text. May be called from several threads, which then wait for each other; a server takes a PredictionEnginePool.</summary>
                /// <param name="input">The text.</param>
                /// <param name="modelPath">The zip, which is loaded the first time; null for <see cref="ModelPath"/>.</param>
                public static ModelOutput Predict(ModelInput input, string? modelPath = null)
                {
                    Lazy<PredictionEngine<ModelInput, ModelOutput>> engine = PredictEngines.GetOrAdd(
                        Path.GetFullPath(modelPath ?? ModelPath), path => new(() => CreatePredictEngine(path), LazyThreadSafetyMode.PublicationOnly));
                    lock (engine)
                        return engine.Value.Predict(input);
                }

                /// <summary>Loads a model for one thread.</summary>
                /// <param name="modelPath">The zip.</param>
                /// <param name="gpuDeviceId">The number of the GPU to run on; null for the CPU.</param>
                public static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine(string modelPath, int? gpuDeviceId = {{CSharp.Literal(model.Gpu)}})
                {
                    var mlContext = new MLContext { GpuDeviceId = gpuDeviceId, FallbackToCpu = true };
                    ITransformer model = mlContext.Model.Load(modelPath, out _);
                    return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
                }

                /// <summary>Finds the language model in a loaded model: for streams of text, sessions and scores.</summary>
                public static RnnLanguageModelTransformer FindLanguageModel(ITransformer model) =>
                    model as RnnLanguageModelTransformer ?? ((IEnumerable<ITransformer>)model).OfType<RnnLanguageModelTransformer>().Single();
            }

            """.ReplaceLineEndings("\n");
    }

    private static string Column(int? index, bool isTable, string name, string description) => ($$"""
                /// <summary>Gets or sets {{description}}.</summary>

        """ + (isTable && index is not null ? $"        [LoadColumn({index})]\n" : "") + $$"""
                public string {{name}} { get; set; } = "";
        """).ReplaceLineEndings("\n");
}
