using RnnLm.Diagnostics;
using RnnLm.ModelFiles;
using RnnLm.Scoring;

namespace RnnLm.LanguageModels;

/// <summary>Rows as what a model scores of them: of a pair, the target after the input.</summary>
internal sealed class ScoredRows(SavedModel saved, KnownConditions conditions)
{
    private readonly RunningText _text = new(saved.Vocabulary);

    /// <summary>
    /// Gets the number of characters of a running text that were left out so far, since the model neither knows them nor has a token for
    /// them.
    /// </summary>
    public long LeftOut => _text.LeftOut;

    /// <summary>Takes each row as a text of its own.</summary>
    /// <exception cref="TextDataException">
    /// A row is a pair and the model is not of pairs, or the other way round; or the model does not know a condition.
    /// </exception>
    public IEnumerable<ScoreRequest> Each(IEnumerable<TextRow> rows) => rows.Select(Check).Select(ToScore);

    /// <summary>Takes the rows as training does: of a running text all as one text, in pieces; otherwise each that is not empty.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="separator">What stands between two rows of a running text.</param>
    /// <inheritdoc cref="Each" path="/exception"/>
    public IEnumerable<ScoreRequest> AsInTraining(IEnumerable<TextRow> rows, string separator)
    {
        IEnumerable<TextRow> read = rows.Select(Check);
        return saved.DataMode == DataMode.Stream
            ? _text.Pieces(read, separator)
            : read.Where(row => !row.Text.IsEmpty || !row.Target.IsEmpty).Select(ToScore);
    }

    /// <summary>Refuses a row that the model would read only in part.</summary>
    private TextRow Check(TextRow row, int index)
    {
        if (row.IsPair != (saved.DataMode == DataMode.Pairs))
        {
            throw new TextDataException(row.IsPair
                ? (OptionMessage)($"there is a pair of an input and a target, but the model was trained in mode {saved.DataMode}. "
                    + $"Give rows of one text.")
                : $"there is no target text, but the model was trained on pairs. Give each row an input and a target.", line: index + 1);
        }

        if ((saved.Vocabulary.FindFault(row.Text.Span) ?? saved.Vocabulary.FindFault(row.Target.Span)) is { } fault)
            throw new TextDataException(fault, line: index + 1);
        return conditions.TryFind(row.Condition, out _)
            ? row
            : throw new TextDataException(conditions.Unknown(row.Condition!), line: index + 1);
    }

    private ScoreRequest ToScore(TextRow row)
    {
        conditions.TryFind(row.Condition, out int condition);
        return row.IsPair ? new(row.Target, row.Text, condition) : new(row.Text, Condition: condition);
    }
}
