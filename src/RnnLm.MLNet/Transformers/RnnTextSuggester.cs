using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet;

/// <summary>
/// Suggests how the text of each row goes on: the likeliest completions, each with its probability, and where typos are allowed those of a
/// corrected text, as <see cref="RnnLanguageModel.Suggest"/> does. Made by <see cref="RnnLanguageModelTransformer.ToSuggester"/>.
/// </summary>
/// <remarks>
/// The vectors have <see cref="SuggestOptions.Count"/> slots in each row, so that other transformers and trainers take them, which need
/// vectors of a known size.
/// </remarks>
public sealed partial class RnnTextSuggester : RnnTextTransformer
{
    private readonly TextSuggesterSettings _settings;

    internal RnnTextSuggester(IHostEnvironment environment, SavedModel saved)
        : this(environment, HostModels.Open(environment, saved), TextSuggesterSettings.FromModel(saved))
    {
    }

    /// <summary>Takes over one ownership of the model.</summary>
    internal RnnTextSuggester(IHostEnvironment environment, LoadedModel model, TextSuggesterSettings settings)
        : base(environment.Register(nameof(RnnTextSuggester)), model, settings.ToRead, settings.Added.Select(added => added.Column)) =>
        _settings = settings;

    /// <summary>Gets what is suggested: a copy of the options.</summary>
    public SuggestOptions Suggest => _settings.Suggest.Clone();

    private protected override (string LoaderSignature, SavedModel Model) Saved =>
        (MemberSignature.TextSuggester, _settings.AddTo(Loaded.Saved));

    private protected override RnnTextTransformer ShareAs(LoadedModel model) => new RnnTextSuggester(Host, model, _settings);

    private protected override IRowMapping Bind(DataViewSchema inputSchema, RequestColumns columns) =>
        new TextSuggesterMapping(this, inputSchema, columns, _settings);
}
