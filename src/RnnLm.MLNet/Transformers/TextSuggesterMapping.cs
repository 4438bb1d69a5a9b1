using Microsoft.ML;
using RnnLm.MLNet.Context;
using RnnLm.MLNet.DataViews;

namespace RnnLm.MLNet.Transformers;

/// <summary>Suggests how the text of each row goes on.</summary>
internal sealed class TextSuggesterMapping(
    RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, TextSuggesterSettings settings)
    : ModelMapping<SuggestionList>(transformer, inputSchema, columns, settings.Added)
{
    /// <summary>
    /// Looks for the suggestions of one row after the other; each search runs the model in batches. What a search has read is kept for the
    /// next row while condition and pattern stay the same.
    /// </summary>
    public override IEnumerable<SuggestionList> Run(IEnumerable<TextRequest> requests)
    {
        SuggestSession? session = null;
        (string? Condition, string? Pattern) started = default;
        try
        {
            foreach (TextRequest request in requests)
            {
                (string? Condition, string? Pattern) wanted = (request.Condition, request.Pattern);
                if (session is null || wanted != started)
                {
                    session?.Dispose();
                    session = null;
                    (session, started) = (Start(request), wanted);
                }

                // A search may be long, so it is stopped between its steps as well as between rows.
                using var cancellation = new HostCancellation(Host, CancellationToken.None);
                yield return Suggest(session, request.Text, cancellation.Token);
            }
        }
        finally
        {
            session?.Dispose();
        }
    }

    public override SuggestionList RunAlone(TextRequest request)
    {
        using SuggestSession session = Start(request);
        return Suggest(session, request.Text, CancellationToken.None);
    }

    private SuggestSession Start(TextRequest request)
    {
        SuggestOptions options = settings.Suggest;
        if (request.Pattern is { Length: > 0 } pattern)
        {
            options = options.Clone();
            (options.To, options.Pattern) = (SuggestTo.Pattern, pattern);
        }

        return new SuggestSession(Model.LanguageModel, Model.Framing, ConditionId(request.Condition), options);
    }

    private SuggestionList Suggest(SuggestSession session, string prefix, CancellationToken cancellationToken)
    {
        session.Text = prefix;
        SuggestionList suggestions = session.Suggest(cancellationToken);
        WarnOfUnknown(suggestions.UnknownCharacters);
        return suggestions;
    }
}
