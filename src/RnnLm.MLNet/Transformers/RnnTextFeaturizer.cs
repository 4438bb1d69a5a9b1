using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.Features;
using RnnLm.Lanes;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// Turns the text of each row into the hidden state of a language model's network, as features for other trainers. Made by
/// <see cref="RnnLanguageModelTransformer.ToFeaturizer"/>.
/// </summary>
/// <remarks>Slots are named by layer and unit, as <c>l0.17</c>. An empty text has the state in which the network begins.</remarks>
public sealed partial class RnnTextFeaturizer : RnnTextTransformer
{
    private readonly TextFeaturizerSettings _settings;

    internal RnnTextFeaturizer(IHostEnvironment environment, SavedModel saved)
        : this(environment, HostModels.Open(environment, saved), TextFeaturizerSettings.FromModel(saved))
    {
    }

    /// <summary>Takes over one ownership of the model.</summary>
    internal RnnTextFeaturizer(IHostEnvironment environment, LoadedModel model, TextFeaturizerSettings settings)
        : base(environment.Register(nameof(RnnTextFeaturizer)), model, settings.ToRead, [settings.Added(model.Saved.Config).Column]) =>
        _settings = settings;

    private protected override (string LoaderSignature, SavedModel Model) Saved =>
        (MemberSignature.TextFeaturizer, _settings.AddTo(Loaded.Saved));

    private protected override RnnTextTransformer ShareAs(LoadedModel model) => new RnnTextFeaturizer(Host, model, _settings);

    private protected override IRowMapping Bind(DataViewSchema inputSchema, RequestColumns columns) =>
        new Mapping(this, inputSchema, columns, _settings);

    private sealed class Mapping(
        RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, TextFeaturizerSettings settings)
        : ModelMapping<EncodedText>(transformer, inputSchema, columns, [settings.Added(transformer.Loaded.Saved.Config)])
    {
        public override IEnumerable<EncodedText> Run(IEnumerable<TextRequest> requests) => Encode(requests, LanePool.UsualLanes);

        public override EncodedText RunAlone(TextRequest request) => Encode([request], 1).Single();

        private IEnumerable<EncodedText> Encode(IEnumerable<TextRequest> requests, int batchSize)
        {
            var encoder = new TextEncoder(Model.LanguageModel, Model.Framing, batchSize, settings.Pooling, settings.AllLayers);
            foreach (EncodedText text in encoder.Encode(requests.Select(request =>
                new EncodeRequest(request.Text.AsMemory(), ConditionId(request.Condition)))))
            {
                WarnOfUnknown(text.UnknownCharacters);
                yield return text;
            }
        }
    }
}
