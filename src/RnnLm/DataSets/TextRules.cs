using RnnLm.Generation;

namespace RnnLm.DataSets;

/// <summary>What must hold for the texts of a column. Holds what was written: for one run.</summary>
internal sealed class TextRules : ITextJudge
{
    private readonly GenerateColumn _column;
    private readonly bool _includesPrompt;
    private readonly TextHashSet? _texts, _rows, _notIn;
    private readonly TextValidator? _validator;

    /// <param name="column">The column.</param>
    /// <param name="includesPrompt">Whether texts are given with their prompts.</param>
    /// <param name="uniqueRows">Whether its texts are the last of rows that must be unique.</param>
    /// <param name="readers">The models whose conditions its texts are.</param>
    /// <param name="maxTries">How many texts are written at most.</param>
    public TextRules(GenerateColumn column, bool includesPrompt, bool uniqueRows, IReadOnlyList<RnnLanguageModel> readers, int maxTries)
    {
        (_column, _includesPrompt, MaxTries) = (column, includesPrompt, maxTries);
        _texts = column.Unique ? new TextHashSet() : null;
        _rows = uniqueRows ? new TextHashSet() : null;
        if (column.Validator is not null || readers.Count > 0)
        {
            bool isValid(string text) =>
                readers.All(reader => reader.KnownConditions.Find(text) >= 0) && column.Validator?.Invoke(text) != false;
            _validator = new TextValidator(isValid, maxTries);
        }

        if (column.NotIn is null)
            return;
        _notIn = new TextHashSet();
        foreach (TextRow row in column.NotIn)
            _notIn.Add(Hash(row.Text.Span, row.Target.Span));
    }

    public int MaxTries { get; }

    public TextVerdict Judge(in GenerationRequest request, string text)
    {
        if (IsRepeated(request, text))
            return TextVerdict.Repeated;
        // A row without text is none, as in training; the answer to an input may be empty.
        if (text.Length == 0 && _column.Model.Mode != DataMode.Pairs)
            return TextVerdict.Invalid;
        return IsKnown(request, text) ? TextVerdict.Known : _validator?.Judge(request, text) ?? TextVerdict.Accepted;
    }

    public TextVerdict Keep(in GenerationRequest request, string text)
    {
        if (IsRepeated(request, text))
            return TextVerdict.Repeated;
        Add(text, request.Before);
        return TextVerdict.Accepted;
    }

    /// <summary>Takes note of a text that was written.</summary>
    /// <param name="text">The text.</param>
    /// <param name="before">The hash of what stands before it in its row.</param>
    public void Add(string text, ulong before)
    {
        _texts?.Add(TextHashSet.Hash(text));
        _rows?.Add(TextHashSet.Hash(text, before));
    }

    private bool IsRepeated(in GenerationRequest request, string text) =>
        _texts?.Contains(TextHashSet.Hash(text)) == true || _rows?.Contains(TextHashSet.Hash(text, request.Before)) == true;

    private bool IsKnown(in GenerationRequest request, string text)
    {
        ReadOnlySpan<char> prompt = request.Prompt.Span, written = _includesPrompt ? text.AsSpan(prompt.Length) : text;
        if (_column.New && _column.Model.TrainingText!.Contains(written, prompt))
            return true;
        if (_notIn is null)
            return false;
        return _notIn.Contains(_column.Model.Mode switch
        {
            DataMode.Pairs => Hash(prompt, written),
            DataMode.Rows when prompt.Length > 0 => TextHashSet.Hash(string.Concat(prompt, written)),
            _ => TextHashSet.Hash(text),
        });
    }

    private ulong Hash(ReadOnlySpan<char> text, ReadOnlySpan<char> target) =>
        _column.Model.Mode == DataMode.Pairs ? TextHashSet.Hash(target, TextHashSet.Hash(text)) : TextHashSet.Hash(text);
}
