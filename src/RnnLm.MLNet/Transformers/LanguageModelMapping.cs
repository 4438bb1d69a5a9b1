using Microsoft.ML;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.MLNet.DataViews;

namespace RnnLm.MLNet.Transformers;

/// <summary>Continues the text of each row.</summary>
internal sealed class LanguageModelMapping : ModelMapping<Continuation>
{
    private readonly SamplingOptions _sampling;
    private readonly Lazy<TextGenerator> _batch, _alone;

    public LanguageModelMapping(
        RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<AddedColumn<Continuation>> added,
        SamplingOptions sampling)
        : base(transformer, inputSchema, columns, added)
    {
        _sampling = sampling;
        // A data view gives the same values at each reading, so without a seed it has one of its own.
        SamplingOptions repeatable = sampling.Clone();
        repeatable.Seed ??= Random.Shared.NextInt64();
        _batch = Generator(repeatable, LanePool.UsualLanes);
        _alone = Generator(sampling, 1);
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
            yield return Continue(prompts.Dequeue(), result);
    }

    public override Continuation RunAlone(TextRequest request) => Continue(request.Text, _alone.Value.Generate(ToGeneration(request)));

    private Continuation Continue(string prompt, GenerationResult result)
    {
        WarnOfUnknown(result.UnknownCharacters);
        return new(_sampling.IncludePrompt ? "" : prompt, result, Model.Saved.TrainingText);
    }

    /// <summary>The engine is looked for when it is first needed, and again if it was not there.</summary>
    private Lazy<TextGenerator> Generator(SamplingOptions options, int batchSize) =>
        new(() => new TextGenerator(Model.LanguageModel, Model.Framing, options, batchSize), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>A missing temperature, NaN to ML.NET, or an empty pattern leaves the row to the options.</summary>
    private GenerationRequest ToGeneration(TextRequest request) => new(
        request.Text.AsMemory(), request.Key, request.Temperature is float.NaN ? null : request.Temperature, request.MaxLength,
        ConditionId(request.Condition), request.Pattern is "" ? null : request.Pattern);
}
