using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.Lanes;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;
using RnnLm.Scoring;

namespace RnnLm.MLNet;

/// <summary>
/// Says how usual the text of each row is to a language model. Made by <see cref="RnnLanguageModelTransformer.ToScorer"/>. High perplexity
/// marks what the training text is not like: typing errors, malformed codes, other languages.
/// </summary>
/// <remarks>
/// Of a text of which nothing is counted, as an empty one, log-probability is 0, position -1, and the means are NaN, which ML.NET takes as
/// missing. See <see cref="TextScore"/> for what is counted.
/// </remarks>
public sealed partial class RnnTextScorer : RnnTextTransformer
{
    private readonly TextScorerColumns _columns;

    internal RnnTextScorer(IHostEnvironment environment, SavedModel saved)
        : this(environment, HostModels.Open(environment, saved), TextScorerColumns.FromModel(saved))
    {
    }

    /// <summary>Takes over one ownership of the model.</summary>
    internal RnnTextScorer(IHostEnvironment environment, LoadedModel model, TextScorerColumns columns)
        : base(environment.Register(nameof(RnnTextScorer)), model, columns.ToScore, columns.Added.Select(added => added.Column)) =>
            _columns = columns;

    private protected override (string LoaderSignature, SavedModel Model) Saved =>
        (MemberSignature.TextScorer, Loaded.Saved with { Columns = _columns.Names });

    private protected override RnnTextTransformer ShareAs(LoadedModel model) => new RnnTextScorer(Host, model, _columns);

    private protected override IRowMapping Bind(DataViewSchema inputSchema, RequestColumns columns) =>
        new Mapping(this, inputSchema, columns, _columns.Added);

    private sealed class Mapping(
        RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<AddedColumn<TextScore>> added)
        : ModelMapping<TextScore>(transformer, inputSchema, columns, added)
    {
        public override IEnumerable<TextScore> Run(IEnumerable<TextRequest> requests) => Score(requests, LanePool.UsualLanes);

        public override TextScore RunAlone(TextRequest request) => Score([request], 1).Single();

        private IEnumerable<TextScore> Score(IEnumerable<TextRequest> requests, int batchSize)
        {
            var scorer = new TextScorer(Model.LanguageModel, Model.Framing, batchSize);
            foreach (TextScore score in scorer.Score(requests.Select(ToScore)))
            {
                WarnOfUnknown(score.UnknownCharacters + score.UnknownBefore);
                yield return score;
            }
        }

        private ScoreRequest ToScore(TextRequest request) =>
            new(request.Text.AsMemory(), request.Context.AsMemory(), ConditionId(request.Condition));
    }
}
