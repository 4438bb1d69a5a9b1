using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.MLNet.DataViews;

namespace RnnLm.MLNet.Transformers;

/// <summary>Continues the text of each row.</summary>
internal sealed class LanguageModelMapping : ModelMapping<Continuation>
{
    private readonly SamplingOptions _sampling;
    private readonly Lazy<TextGenerator> _batch, _alone;
    private readonly List<Func<Func<Continuation>, Delegate>> _getters;

    public LanguageModelMapping(
        RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<DataViewSchema.DetachedColumn> outputs,
        LanguageModelColumns names, SamplingOptions sampling)
        : base(transformer, inputSchema, columns, outputs)
    {
        _sampling = sampling;
        // A data view gives the same values at each reading, so without a seed it has one of its own.
        SamplingOptions repeatable = sampling.Clone();
        repeatable.Seed ??= Random.Shared.NextInt64();
        _batch = Generator(repeatable, LanePool.UsualLanes);
        _alone = Generator(sampling, 1);
        _getters = [current => Getter(current, (_, sample) => sample.Text.AsMemory(), default)];
        if (names.FinishReason is not null)
            _getters.Add(current => Getter(current, (_, sample) => sample.FinishReason.ToString().AsMemory(), default));
        if (names.LogProbability is not null)
            _getters.Add(current => Getter(current, (_, sample) => (float)sample.LogProbability, float.NaN));
        if (names.InTrainingData is not null)
            _getters.Add(current => Getter(current, IsInTrainingData, false));
    }

    public override IEnumerable<Continuation> Run(IEnumerable<TextRequest> requests)
    {
        var prompts = new Queue<string>();
        IEnumerable<GenerationRequest> asked = requests.Select(request =>
        {
            prompts.Enqueue(request.Text);
            return ToGeneration(request);
        });
        foreach (GenerationResult result in _batch.Value.Generate(asked))
        {
            WarnOfUnknown(result.UnknownCharacters);
            yield return new Continuation(prompts.Dequeue(), result);
        }
    }

    public override Continuation RunAlone(TextRequest request)
    {
        GenerationResult result = _alone.Value.Generate(ToGeneration(request));
        WarnOfUnknown(result.UnknownCharacters);
        return new Continuation(request.Text, result);
    }

    public override Delegate CreateGetter(int output, Func<Continuation> current) => _getters[output](current);

    /// <summary>The engine is looked for when it is first needed, and again if it was not there.</summary>
    private Lazy<TextGenerator> Generator(SamplingOptions options, int batchSize) =>
        new(() => new TextGenerator(Model.LanguageModel, Model.Framing, options, batchSize), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>A missing temperature, NaN to ML.NET, or an empty pattern leaves the row to the options.</summary>
    private GenerationRequest ToGeneration(TextRequest request) => new(
        request.Text.AsMemory(), request.Key, request.Temperature is float.NaN ? null : request.Temperature, request.MaximumLength,
        ConditionId(request.Condition), request.Pattern is "" ? null : request.Pattern);

    private bool IsInTrainingData(string prompt, GeneratedText sample) =>
        Model.Saved.TrainingText?.Contains(sample.Text, _sampling.IncludePrompt ? default : prompt) == true;

    /// <summary>Makes the getter of a column.</summary>
    /// <param name="current">The row.</param>
    /// <param name="select">Takes the value from a sample.</param>
    /// <param name="missing">The value of samples that are not there: beam search finds fewer where a pattern has fewer texts.</param>
    private Delegate Getter<T>(Func<Continuation> current, Func<string, GeneratedText, T> select, T missing)
    {
        int samples = _sampling.NumSamples;
        if (samples == 1)
        {
            return (ValueGetter<T>)((ref T value) =>
            {
                Continuation row = current();
                value = select(row.Prompt, row.Result.Samples[0]);
            });
        }

        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            Continuation row = current();
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, samples);
            for (int i = 0; i < samples; i++)
                editor.Values[i] = i < row.Result.Samples.Count ? select(row.Prompt, row.Result.Samples[i]) : missing;
            value = editor.Commit();
        });
    }
}
