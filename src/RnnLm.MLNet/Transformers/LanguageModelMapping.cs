using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet;

/// <summary>Continues the text of each row.</summary>
internal sealed class LanguageModelMapping : ModelMapping<Continuation>
{
    private readonly SamplingOptions _batch;
    private readonly SamplingOptions _alone;
    private readonly List<Func<Func<Continuation>, Delegate>> _getters;

    public LanguageModelMapping(
        RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<DataViewSchema.DetachedColumn> outputs,
        LanguageModelColumns names, SamplingOptions sampling)
        : base(transformer, inputSchema, columns, outputs)
    {
        _alone = sampling;
        // A data view gives the same values at each reading, so without a seed it has one of its own.
        _batch = sampling.Clone();
        _batch.Seed ??= Random.Shared.NextInt64();
        _getters = [current => Getter(current, (_, sample) => sample.Text.AsMemory())];
        if (names.FinishReason is not null)
            _getters.Add(current => Getter(current, (_, sample) => sample.FinishReason.ToString().AsMemory()));
        if (names.LogProbability is not null)
            _getters.Add(current => Getter(current, (_, sample) => (float)sample.LogProbability));
        if (names.InTrainingData is not null)
            _getters.Add(current => Getter(current, IsInTrainingData));
    }

    public override IEnumerable<Continuation> Run(IEnumerable<TextRequest> requests)
    {
        var prompts = new Queue<string>();
        IEnumerable<GenerationRequest> asked = requests.Select(request =>
        {
            prompts.Enqueue(request.Text);
            return ToGeneration(request);
        });
        foreach (GenerationResult result in Generator(_batch, BatchSize).Generate(asked))
        {
            WarnOfUnknown(result.UnknownCharacters);
            yield return new Continuation(prompts.Dequeue(), result);
        }
    }

    public override Continuation RunAlone(TextRequest request)
    {
        GenerationResult result = Generator(_alone, 1).Generate(ToGeneration(request));
        WarnOfUnknown(result.UnknownCharacters);
        return new Continuation(request.Text, result);
    }

    public override Delegate CreateGetter(int output, Func<Continuation> current) => _getters[output](current);

    private TextGenerator Generator(SamplingOptions options, int batchSize) => new(Model.Inference, Model.Framing, options, batchSize);

    /// <summary>A missing temperature, NaN to ML.NET, leaves the row to the options.</summary>
    private GenerationRequest ToGeneration(TextRequest request) => new(
        request.Text.AsMemory(), request.Key, request.Temperature is float.NaN ? null : request.Temperature, request.MaximumLength, ConditionId(request.Condition));

    private bool IsInTrainingData(string prompt, GeneratedText sample) =>
        Model.TrainingText?.Contains(sample.Text, _alone.IncludePrompt ? default : prompt) == true;

    private Delegate Getter<T>(Func<Continuation> current, Func<string, GeneratedText, T> select)
    {
        int samples = _alone.NumSamples;
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
                editor.Values[i] = select(row.Prompt, row.Result.Samples[i]);
            value = editor.Commit();
        });
    }
}
