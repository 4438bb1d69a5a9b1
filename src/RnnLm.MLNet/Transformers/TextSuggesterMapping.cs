using Microsoft.ML;
using RnnLm.Diagnostics;
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
        long row = 0;
        try
        {
            foreach (TextRequest request in requests)
            {
                row++;
                (string? Condition, string? Pattern) wanted = (request.Condition, request.Pattern);
                if (session is null || wanted != started)
                {
                    session?.Dispose();
                    session = null;
                    (session, started) = (Start(request, row), wanted);
                }

                // A search may be long, so it is stopped between its steps as well as between rows.
                using var cancellation = new HostCancellation(Host, CancellationToken.None);
                yield return Suggest(session, request, row, cancellation.Token);
            }
        }
        finally
        {
            session?.Dispose();
        }
    }

    public override SuggestionList RunAlone(TextRequest request)
    {
        using SuggestSession session = Start(request, row: null);
        return Suggest(session, request, row: null, CancellationToken.None);
    }

    private SuggestSession Start(TextRequest request, long? row)
    {
        SuggestOptions options = settings.Suggest;
        if (request.Pattern is { Length: > 0 } pattern)
        {
            options = options.Clone();
            (options.To, options.Pattern) = (SuggestTo.Pattern, pattern);
        }

        int condition = ConditionId(request.Condition);
        return NamingTheRow(request, row, () => new SuggestSession(Model.LanguageModel, Model.Framing, condition, options));
    }

    private SuggestionList Suggest(SuggestSession session, TextRequest request, long? row, CancellationToken cancellationToken)
    {
        session.Text = request.Text;
        SuggestionList suggestions = NamingTheRow(request, row, () => session.Suggest(cancellationToken));
        WarnOfUnknown(suggestions.UnknownCharacters);
        return suggestions;
    }

    /// <summary>Says of the pattern of a row which row and column it is in.</summary>
    /// <param name="request">The row.</param>
    /// <param name="row">Its number, from 1; null for one that stands alone.</param>
    /// <param name="use">What uses the pattern.</param>
    private T NamingTheRow<T>(TextRequest request, long? row, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (OptionsException e) when (request.Pattern is { Length: > 0 })
        {
            string where = row is { } number ? $"row {number} of it" : "the row";
            throw Host.Process(new OptionsException(new OptionId("", nameof(RnnTextSuggester.Options.PatternColumnName)),
                $"is '{settings.PatternColumn}', and {where} has a pattern that is wrong: {string.Join("; ",
                    e.Faults.Select(fault => fault.Problem))}"));
        }
    }
}
