using System.Text;
using RnnLm.Diagnostics;
using RnnLm.Text;

namespace RnnLm.Data;

/// <summary>
/// Turns rows that come one by one into a corpus, reading each once. Where the vocabulary is still to be found, characters get provisional
/// ids in the order of their coming, which are exchanged for the vocabulary's at the end; memory is then used again as it is read, so that
/// the peak is little above the corpus itself: about one byte for a character, and 8 bytes for a row.
/// </summary>
internal sealed class CorpusBuilder
{
    private readonly DataOptions _data;
    private readonly DataMode _mode;
    private readonly string _rowSeparator;
    private readonly VocabularyOptions _options;
    private readonly bool _labelled, _keepsLineEnds, _goesOn, _grows;
    private readonly ProvisionalCharacters _characters = new();
    private readonly TokenBuffer _provisional = new();
    private readonly List<long> _rowStarts = [];
    private readonly List<int> _inputLengths = [];
    private readonly RowConditions _conditions;
    private readonly CorpusNotes _notes = new();
    private LineEnds _stream;
    private bool _hasText;

    /// <summary>Begins to read a language model's rows.</summary>
    /// <param name="data">How rows are to be read.</param>
    /// <param name="options">The vocabulary to find, where <paramref name="vocabulary"/> is not given.</param>
    /// <param name="vocabulary">The vocabulary of the model that is trained on, or of the training data; else null.</param>
    /// <param name="conditionNames">The conditions that the model knows already; else null.</param>
    /// <param name="goesOn">Whether <paramref name="vocabulary"/> is that of a model that is trained further, which may grow.</param>
    public CorpusBuilder(
        LanguageModelDataOptions data, VocabularyOptions options, CharVocabulary? vocabulary = null,
        IReadOnlyList<string>? conditionNames = null, bool goesOn = false)
        : this(data, options, vocabulary, conditionNames, labelled: false, goesOn) =>
        (_mode, _rowSeparator) = (data.Mode, data.RowSeparator);

    private CorpusBuilder(DataOptions data, VocabularyOptions options, CharVocabulary? vocabulary, IReadOnlyList<string>? conditionNames,
        bool labelled, bool goesOn)
    {
        (_data, _mode, _rowSeparator, _options, _labelled, Vocabulary) = (data, DataMode.Rows, "", options, labelled, vocabulary);
        (_goesOn, _grows) = (goesOn, goesOn && options.Grow);
        _conditions = new RowConditions(conditionNames, labelled, _grows);
        // As the model will read texts in use, which goes by its vocabulary.
        _keepsLineEnds = vocabulary is null
            ? data.KeepLineEnds || options.Characters?.Contains('\r') == true
            : new LineEnds(vocabulary).AreKept;
        _stream = new LineEnds(_keepsLineEnds);
    }

    /// <summary>Begins to read a classifier's rows, with labels for conditions. Texts are not framed; an empty one counts.</summary>
    /// <param name="data">How rows are to be read.</param>
    /// <param name="options">The vocabulary to find, where <paramref name="vocabulary"/> is not given.</param>
    /// <param name="vocabulary">The vocabulary of the model that is trained on, or of the training data; else null.</param>
    /// <param name="labels">The labels that are known already; else null.</param>
    /// <param name="goesOn">Whether <paramref name="vocabulary"/> is that of a model to start from, which may grow. A label that is then
    /// not known is an error; else its row does not count.</param>
    public static CorpusBuilder OfLabels(
        DataOptions data, VocabularyOptions options, CharVocabulary? vocabulary, IReadOnlyList<string>? labels, bool goesOn = false) =>
        new(data, options, vocabulary, labels, labelled: true, goesOn);

    public CharVocabulary? Vocabulary { get; }

    /// <summary>Gets the number of characters that the vocabulary did not have, once built.</summary>
    public long UnknownCharacters { get; private set; }

    public void Add(TextRow row)
    {
        _notes.Rows++;
        if (row.IsPair && _mode != DataMode.Pairs)
        {
            throw Fault($"there is a pair of an input and a target, but {OptionIds.Mode} is {_mode}. "
                + $"Set {OptionIds.Mode.Set(DataMode.Pairs)}, or give rows of one text.");
        }

        if (!row.IsPair && _mode == DataMode.Pairs)
        {
            throw Fault($"there is no target text, but {OptionIds.Mode} is {_mode}. "
                + $"Give each row an input and a target, or set {OptionIds.Mode.Set(DataMode.Rows)}.");
        }

        switch (_mode)
        {
            case DataMode.Stream when row.Condition is not null:
                throw Fault($"there is a condition, but a running text has none. Set {OptionIds.Mode.Set(DataMode.Rows)} or "
                    + $"{DataMode.Pairs}, or give rows without conditions.");
            case DataMode.Stream:
                AddToStream(row.Text.Span);
                break;
            case DataMode.Rows or DataMode.Pairs when row.Text.IsEmpty && row.Target.IsEmpty:
                _notes.EmptyRows++;
                break;
            case DataMode.Rows:
                BeginRow(row.Condition);
                AppendCut(row.Text.Span);
                break;
            case DataMode.Pairs:
                BeginRow(row.Condition);
                _notes.EmptyTargets += row.Target.IsEmpty ? 1 : 0;
                _inputLengths.Add(AppendCut(row.Text.Span));
                AppendCut(row.Target.Span);
                break;
        }
    }

    /// <summary>Adds a classifier's row.</summary>
    public void Add(LabelledText row)
    {
        _notes.Rows++;
        if (_goesOn && row.Label is { } label && !_conditions.Takes(label))
        {
            throw Fault($"the previous model does not know the label '{label}'. Set {OptionIds.Grow} to add new labels, correct the "
                + $"label, or leave the row out.");
        }

        BeginRow(row.Label);
        AppendCut(row.Text);
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="TextDataException">There is too little text to train on; the message says what was found.</exception>
    public Corpus Build(IProgress<LogMessage>? log, string what = "training")
    {
        if (_mode == DataMode.Stream ? !_hasText : _provisional.Count == 0)
        {
            throw new TextDataException(_notes.Rows == 0
                ? $"there are no {what} data: not one row was read."
                : $"there is no text in the {what} data: every row is empty.");
        }

        CharVocabulary vocabulary = Vocabulary is null
            ? _characters.FindVocabulary(_options, startAndEnd: _mode != DataMode.Stream && !_labelled)
            : _grows ? _characters.Grow(Vocabulary, _options) : Vocabulary;
        if (vocabulary.Characters.Count < 2 && !_labelled)
        {
            throw new TextDataException($"the {what} data have one distinct character, '{vocabulary.Characters[0]}': there is nothing to "
                + $"predict. "
                + $"Check the column, {OptionIds.MinCount}, and the preprocessing.");
        }

        Corpus corpus = Exchange(vocabulary);
        _notes.LineEndsChanged += _stream.Changed;
        _notes.Report(log, what, _data.MaxRowLength);
        CorpusNotes.ReportMissing(log, what, _conditions.Missing, _labelled);
        CorpusNotes.ReportUnknown(log, what, vocabulary.UnknownCharacters, UnknownCharacters, _characters.Total, figures: !_labelled,
            mayGrow: _goesOn && !_grows);
        return corpus;
    }

    /// <summary>Returns the fault of the row that was read last.</summary>
    private TextDataException Fault(OptionMessage problem) => new(problem, line: _notes.Rows);

    private void AddToStream(ReadOnlySpan<char> text)
    {
        if (_notes.Rows > 1 && _rowSeparator.Length > 0)
        {
            // The line feed between two rows is none of a line end within one.
            _stream.EndPart();
            AppendToStream(_rowSeparator);
            _stream.EndPart();
        }

        AppendToStream(text);
        _hasText |= !text.IsEmpty;
    }

    private void AppendToStream(ReadOnlySpan<char> text)
    {
        foreach (Rune character in text.EnumerateRunes())
        {
            Rune read = character;
            if (_stream.Read(ref read))
                Append(read);
        }
    }

    private void BeginRow(string? condition)
    {
        if (!_conditions.TryAdd(condition, _rowStarts.Count))
            throw Fault("there is a condition, but rows before have none. Give every row a condition, or none.");
        _rowStarts.Add(_provisional.Count);
    }

    /// <summary>Appends a row's text, as far as rows are read, and returns the number of characters.</summary>
    private int AppendCut(ReadOnlySpan<char> text)
    {
        int count = 0;
        var lineEnds = new LineEnds(_keepsLineEnds);
        foreach (Rune character in text.EnumerateRunes())
        {
            Rune read = character;
            if (!lineEnds.Read(ref read))
                continue;
            if (count == _data.MaxRowLength)
            {
                _notes.CutRows++;
                break;
            }

            Append(read);
            count++;
        }

        _notes.LineEndsChanged += lineEnds.Changed;
        return count;
    }

    private void Append(Rune character) => _provisional.Append(_characters.Add(character));

    /// <summary>Exchanges provisional ids for the vocabulary's, row by row.</summary>
    private Corpus Exchange(CharVocabulary vocabulary)
    {
        OptionMessage remedy = _goesOn && !_grows
            ? (OptionMessage)$"or set {OptionIds.Grow} to let the model learn it"
            : $"add it to the vocabulary, or choose another value for {OptionIds.UnknownCharacters}";
        var exchange = new TokenExchange(_provisional, _characters.IdsIn(vocabulary, remedy, out long unknown));
        UnknownCharacters = unknown;
        long leftOut = 0;
        for (int row = 0; row < _rowStarts.Count; row++)
        {
            long start = _rowStarts[row];
            _rowStarts[row] = exchange.Tokens.Count;
            // An input is not predicted: what is left out of it does not count.
            if (_inputLengths.Count > 0)
                _inputLengths[row] -= (int)exchange.To(start + _inputLengths[row]);
            leftOut += exchange.To(row + 1 < _rowStarts.Count ? _rowStarts[row + 1] : _provisional.Count);
        }

        leftOut += exchange.To(_provisional.Count);
        if (_rowStarts.Count > 0)
            _rowStarts.Add(exchange.Tokens.Count);
        return new Corpus
        {
            Vocabulary = vocabulary,
            Tokens = exchange.Tokens,
            RowStarts = _rowStarts,
            InputLengths = _inputLengths,
            Conditions = _conditions.Ids,
            LeftOut = leftOut,
            ConditionNames = _conditions.Names,
        };
    }
}
