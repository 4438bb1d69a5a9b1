using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace RnnLm.MLNet;

/// <summary>Continues the text of each row.</summary>
internal sealed class LanguageModelMapping : ModelMapping<GenerationResult>
{
    private readonly SamplingOptions _batch;
    private readonly SamplingOptions _alone;
    private readonly List<Func<Func<GenerationResult>, Delegate>> _getters;

    public LanguageModelMapping(
        RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<DataViewSchema.DetachedColumn> outputs,
        LanguageModelColumns names, SamplingOptions sampling)
        : base(transformer, inputSchema, columns, outputs)
    {
        _alone = sampling;
        // A data view gives the same values at each reading, so without a seed it has one of its own.
        _batch = sampling.Clone();
        _batch.Seed ??= Random.Shared.NextInt64();
        _getters = [current => Getter(current, sample => sample.Text.AsMemory())];
        if (names.FinishReason is not null)
            _getters.Add(current => Getter(current, sample => sample.FinishReason.ToString().AsMemory()));
        if (names.LogProbability is not null)
            _getters.Add(current => Getter(current, sample => (float)sample.LogProbability));
    }

    public override IEnumerable<GenerationResult> Run(IEnumerable<TextRequest> requests)
    {
        foreach (GenerationResult result in Generator(_batch, BatchSize).Generate(requests.Select(ToGeneration)))
        {
            WarnOfUnknown(result.UnknownCharacters);
            yield return result;
        }
    }

    public override GenerationResult RunAlone(TextRequest request)
    {
        GenerationResult result = Generator(_alone, 1).Generate(ToGeneration(request));
        WarnOfUnknown(result.UnknownCharacters);
        return result;
    }

    public override Delegate CreateGetter(int output, Func<GenerationResult> current) => _getters[output](current);

    private TextGenerator Generator(SamplingOptions options, int batchSize) => new(Model.Inference, Model.Framing, options, batchSize);

    /// <summary>A missing temperature, NaN to ML.NET, leaves the row to the options.</summary>
    private GenerationRequest ToGeneration(TextRequest request) => new(
        request.Text.AsMemory(), request.Key, request.Temperature is float.NaN ? null : request.Temperature, request.MaximumLength, ConditionId(request.Condition));

    private Delegate Getter<T>(Func<GenerationResult> current, Func<GeneratedText, T> select)
    {
        int samples = _alone.NumSamples;
        if (samples == 1)
            return (ValueGetter<T>)((ref T value) => value = select(current().Samples[0]));
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            IReadOnlyList<GeneratedText> texts = current().Samples;
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, samples);
            for (int i = 0; i < samples; i++)
                editor.Values[i] = select(texts[i]);
            value = editor.Commit();
        });
    }
}
