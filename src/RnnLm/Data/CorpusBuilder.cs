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
    private readonly TokenBuffer _provisional = new();
    private readonly List<long> _rowStarts = [];
    private readonly List<int> _inputLengths = [];
    private readonly List<int> _conditions = [];
    private readonly Dictionary<string, int> _conditionIds;
    private readonly bool _conditionsGiven, _labelled;
    private readonly Dictionary<int, int> _provisionalIds = [];
    private readonly int[] _provisionalAscii = new int[128];
    private readonly List<Rune> _characters = [];
    private readonly List<long> _counts = [];
    private readonly bool _keepsLineEnds;
    private LineEnds _stream;
    private long _lineEndsChanged;
    private bool _hasText;
    private long _rowsRead, _emptyRows, _emptyTargets, _rowsCut, _unconditioned;

    /// <summary>Begins to read a language model's rows.</summary>
    /// <param name="data">How rows are to be read.</param>
    /// <param name="options">The vocabulary to find, where <paramref name="vocabulary"/> is not given.</param>
    /// <param name="vocabulary">The vocabulary of the model that is trained on, or of the training data; else null.</param>
    /// <param name="conditionNames">The conditions that the model knows already; else null.</param>
    public CorpusBuilder(
        LanguageModelDataOptions data, VocabularyOptions options, CharVocabulary? vocabulary = null,
        IReadOnlyList<string>? conditionNames = null)
        : this(data, options, vocabulary, conditionNames, labelled: false) => (_mode, _rowSeparator) = (data.Mode, data.RowSeparator);

    private CorpusBuilder(
        DataOptions data, VocabularyOptions options, CharVocabulary? vocabulary, IReadOnlyList<string>? conditionNames, bool labelled)
    {
        (_data, _mode, _rowSeparator, _options, _labelled, Vocabulary) = (data, DataMode.Rows, "", options, labelled, vocabulary);
        _conditionsGiven = conditionNames is not null;
        _conditionIds = (conditionNames ?? []).Select((name, id) => (name, id))
            .ToDictionary(c => c.name, c => c.id, StringComparer.Ordinal);
        // As the model will read texts in use, which goes by its vocabulary.
        _keepsLineEnds = vocabulary is null ? data.KeepLineEnds
            || options.Characters?.Contains('\r') == true : new LineEnds(vocabulary).AreKept;
        _stream = new LineEnds(_keepsLineEnds);
        Array.Fill(_provisionalAscii, -1);
    }

    /// <summary>Begins to read a classifier's rows, with labels for conditions. Texts are not framed; an empty one counts.</summary>
    /// <param name="data">How rows are to be read.</param>
    /// <param name="options">The vocabulary to find, where <paramref name="vocabulary"/> is not given.</param>
    /// <param name="vocabulary">The vocabulary of the model that is trained on, or of the training data; else null.</param>
    /// <param name="labels">The labels that are known already; else null.</param>
    public static CorpusBuilder OfLabels(
        DataOptions data, VocabularyOptions options, CharVocabulary? vocabulary, IReadOnlyList<string>? labels) =>
        new(data, options, vocabulary, labels, labelled: true);

    public CharVocabulary? Vocabulary { get; }

    /// <summary>Gets the number of characters that the vocabulary did not have, once built.</summary>
    public long UnknownCharacters { get; private set; }

    public void Add(TextRow row)
    {
        _rowsRead++;
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
                _emptyRows++;
                break;
            case DataMode.Rows:
                BeginRow(row.Condition);
                AppendCut(row.Text.Span);
                break;
            case DataMode.Pairs:
                BeginRow(row.Condition);
                _emptyTargets += row.Target.IsEmpty ? 1 : 0;
                _inputLengths.Add(AppendCut(row.Text.Span));
                AppendCut(row.Target.Span);
                break;
        }
    }

    /// <summary>Adds a classifier's row.</summary>
    public void Add(LabelledText row)
    {
        _rowsRead++;
        BeginRow(row.Label);
        AppendCut(row.Text);
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="TextDataException">There is too little text to train on; the message says what was found.</exception>
    public Corpus Build(IProgress<LogMessage>? log, string what = "training")
    {
        if (_mode == DataMode.Stream ? !_hasText : _provisional.Count == 0)
        {
            throw new TextDataException(_rowsRead == 0
                ? $"there are no {what} data: not one row was read."
                : $"there is no text in the {what} data: every row is empty.");
        }

        CharVocabulary vocabulary = Vocabulary ?? FindVocabulary();
        if (vocabulary.Characters.Count < 2 && !_labelled)
        {
            throw new TextDataException($"the {what} data have one distinct character, '{vocabulary.Characters[0]}': there is nothing to "
                + $"predict. "
                + $"Check the column, {OptionIds.MinCount}, and the preprocessing.");
        }

        Corpus corpus = Exchange(vocabulary);
        if (_stream.Changed + _lineEndsChanged is > 0 and var changed)
            log?.Report(new LogMessage(LogSeverity.Info, $"read as line feeds: {Counted.Of(changed, "line end")} of the {what} data that "
                + $"are CRLF or CR. {OptionIds.KeepLineEnds.Set(true)} keeps them as they are."));
        Warn(log, _emptyRows, $"left out of the {what} data: {Counted.Of(_emptyRows, "empty row")}.");
        Warn(log, _emptyTargets,
            $"empty targets in {Counted.Of(_emptyTargets, "row")} of the {what} data: there the model learns to answer nothing.");
        Warn(log, _rowsCut, $"cut off at {OptionIds.MaxRowLength.Set(_data.MaxRowLength)} characters: {Counted.Of(_rowsCut, "row")} of the "
            + $"{what} data.");
        Warn(log, _unconditioned, _labelled
            ? $"not counted: {Counted.Of(_unconditioned, "row")} of the {what} data without a label, or with one that the model does not "
            + $"know."
            : $"begun with no condition: {Counted.Of(_unconditioned, "row")} of the {what} data without a condition, or with one that the "
            + $"model does not know.");
        WarnOfUnknown(log, vocabulary.UnknownCharacters, what);
        return corpus;
    }

    /// <summary>Says how many characters the model does not know; and where they are many, what that makes of its figures.</summary>
    private void WarnOfUnknown(IProgress<LogMessage>? log, UnknownCharacterPolicy policy, string what)
    {
        double share = UnknownCharacters / (double)_counts.Sum();
        bool many = share > CharVocabulary.HighUnknownShare && !_labelled;
        string count = $"{Counted.Of(UnknownCharacters, "character")} ({share:P0})";
        Warn(log, UnknownCharacters, policy == UnknownCharacterPolicy.Skip
            ? $"left out of the {what} data: {count} not in the vocabulary.{(many ? " Loss and perplexity are those of the others." : "")}"
            : $"read as the unknown token: {count} of the {what} data that the vocabulary does not "
            + $"have.{(many ? " Loss and perplexity mostly say how well these are told from known ones." : "")}");
    }

    /// <summary>Returns the fault of the row that was read last.</summary>
    private TextDataException Fault(OptionMessage problem) => new(problem, line: _rowsRead);

    private static void Warn(IProgress<LogMessage>? log, long count, OptionMessage message)
    {
        if (count > 0)
            log?.Report(new(LogSeverity.Warning, message));
    }

    private void AddToStream(ReadOnlySpan<char> text)
    {
        if (_rowsRead > 1 && _rowSeparator.Length > 0)
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
        _rowStarts.Add(_provisional.Count);
        if (condition is null && _conditionIds.Count == 0 && !_labelled)
            return;
        if (_conditions.Count < _rowStarts.Count - 1)
            throw Fault("there is a condition, but rows before have none. Give every row a condition, or none.");
        _conditions.Add(ConditionId(condition));
    }

    private int ConditionId(string? condition)
    {
        if (condition is not null && _conditionIds.TryGetValue(condition, out int id))
            return id;
        if (condition is not null && !_conditionsGiven)
        {
            _conditionIds.Add(condition, _conditionIds.Count);
            return _conditionIds.Count - 1;
        }

        _unconditioned++;
        return -1;
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
                _rowsCut++;
                break;
            }

            Append(read);
            count++;
        }

        _lineEndsChanged += lineEnds.Changed;
        return count;
    }

    private void Append(Rune character)
    {
        int id = character.IsAscii ? _provisionalAscii[character.Value]
            : _provisionalIds.TryGetValue(character.Value, out int known) ? known : -1;
        if (id < 0)
        {
            id = _characters.Count;
            _characters.Add(character);
            _counts.Add(0);
            if (character.IsAscii)
                _provisionalAscii[character.Value] = id;
            else
                _provisionalIds.Add(character.Value, id);
        }

        _counts[id]++;
        _provisional.Append(id);
    }

    private CharVocabulary FindVocabulary()
    {
        IEnumerable<Rune> characters = _options.Characters is { } given
            ? given.EnumerateRunes().ToArray()
            : Enumerable.Range(0, _characters.Count)
                .Where(id => _counts[id] >= _options.MinCount)
                .OrderByDescending(id => _counts[id]).ThenBy(id => _characters[id])
                .Take(_options.MaxSize)
                .Select(id => _characters[id]);
        List<Rune> kept = [.. characters];
        if (kept.Count == 0)
        {
            throw new TextDataException(
                $"no character occurs often enough for {OptionIds.MinCount.Set(_options.MinCount)}. Lower it, or give more text.");
        }

        return new CharVocabulary(kept, _options.UnknownCharacters, startAndEnd: _mode != DataMode.Stream && !_labelled);
    }

    /// <summary>Exchanges provisional ids for the vocabulary's, row by row, forgetting what was read.</summary>
    private Corpus Exchange(CharVocabulary vocabulary)
    {
        int[] ids = [.. _characters.Select(character => FinalId(vocabulary, character))];
        var spare = new Stack<byte[]>();
        var tokens = new TokenBuffer(spare);
        var buffer = new int[1 << 14];
        long position = 0, leftOut = 0;

        int Copy(long end)
        {
            long before = tokens.Count;
            while (position < end)
            {
                Span<int> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - position));
                _provisional.Read(position, part);
                foreach (int provisional in part)
                {
                    int id = ids[provisional];
                    if (id >= 0)
                        tokens.Append(id);
                    else
                        leftOut++;
                }

                position += part.Length;
                _provisional.Forget(position, spare);
            }

            return (int)Math.Min(tokens.Count - before, int.MaxValue);
        }

        for (int row = 0; row < _rowStarts.Count; row++)
        {
            long start = _rowStarts[row];
            _rowStarts[row] = tokens.Count;
            long before = leftOut;
            if (_inputLengths.Count > 0)
            {
                _inputLengths[row] = Copy(start + _inputLengths[row]);
                // An input is not predicted.
                leftOut = before;
            }

            Copy(row + 1 < _rowStarts.Count ? _rowStarts[row + 1] : _provisional.Count);
        }

        Copy(_provisional.Count);
        if (_rowStarts.Count > 0)
            _rowStarts.Add(tokens.Count);
        return new Corpus
        {
            Vocabulary = vocabulary,
            Tokens = tokens,
            RowStarts = _rowStarts,
            InputLengths = _inputLengths,
            Conditions = _conditions,
            LeftOut = leftOut,
            ConditionNames = [.. _conditionIds.OrderBy(c => c.Value).Select(c => c.Key)],
        };
    }

    /// <summary>Returns the id of a character, or -1 for one that is left out.</summary>
    private int FinalId(CharVocabulary vocabulary, Rune character)
    {
        if (vocabulary.TryGetId(character, out int id))
            return id;
        if (vocabulary.UnknownCharacters == UnknownCharacterPolicy.Throw)
        {
            throw new TextDataException($"the data have the character '{character}' (U+{character.Value:X4}), which is not in the "
                + $"vocabulary. "
                + $"Remove it, add it to the vocabulary, or choose another value for {OptionIds.UnknownCharacters}.");
        }

        UnknownCharacters += _counts[ProvisionalId(character)];
        return vocabulary.UnknownId ?? -1;
    }

    private int ProvisionalId(Rune character) => character.IsAscii ? _provisionalAscii[character.Value] : _provisionalIds[character.Value];
}
