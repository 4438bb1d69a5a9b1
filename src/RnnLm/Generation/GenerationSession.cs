using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using RnnLm.Diagnostics;
using RnnLm.Drawing;
using RnnLm.Engines;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Numerics;
using RnnLm.Text;

namespace RnnLm;

/// <summary>
/// A text that grows, partly read and partly written: a conversation, an editor. The model's state is kept, so nothing is read twice. A
/// model of rows writes one row: after its end, <see cref="Reset"/> begins the next. A model of pairs begins the next pair when text is
/// appended after an answer. Used by one thread at a time.
/// </summary>
public sealed class GenerationSession : IDisposable
{
    /// <summary>So many characters are written on one turn of a worker thread: few enough to be shown at once, and enough that the turn
    /// costs little beside them.</summary>
    private const int CharactersPerTurn = 16;

    private const int Peek = 1;

    private readonly TextFraming _framing;
    private readonly SamplingSettings _start;
    private readonly IDisposable? _owner;
    private readonly SessionLane _lane;
    private readonly List<int> _text = [];
    private readonly StringBuilder _characters = new();   // the same, with the characters that the model does not know
    private readonly int _condition;
    private LineEnds _lineEnds;
    private bool _hasWritten, _isBusy, _isDisposed;

    /// <param name="model">The model.</param>
    /// <param name="framing">How the model's texts are framed.</param>
    /// <param name="condition">The condition, for a model that has them; else -1.</param>
    /// <param name="start">The options that text is drawn by where no others are given, and whose initial state, drawn by their seed, the
    /// text starts from.</param>
    /// <param name="owner">What is disposed with the session.</param>
    internal GenerationSession(ILanguageModelRuntime model, TextFraming framing, int condition = -1, SamplingOptions? start = null,
        IDisposable? owner = null)
    {
        (_framing, _condition, _owner) = (framing, condition, owner);
        _start = new SamplingSettings(start ?? new SamplingOptions(), framing, model.Config);
        _lane = new SessionLane(model);
        Begin();
    }

    /// <summary>Gets the number of characters read since the text began that the model does not know; they were read as the unknown token
    /// or left out.</summary>
    public int UnknownCharacters { get; private set; }

    /// <inheritdoc cref="Append(ReadOnlySpan{char})"/>
    public void Append(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Append(text.AsSpan());
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">The text to go on from.</param>
    /// <exception cref="ArgumentException">A character is unknown, and the vocabulary's policy is
    /// <see cref="UnknownCharacterPolicy.Throw"/>; nothing was read.</exception>
    /// <exception cref="InvalidOperationException">Text is being written.</exception>
    public void Append(ReadOnlySpan<char> text)
    {
        ThrowIfUnusable();
        LineEnds lineEnds = _lineEnds;
        int[] ids = _framing.Vocabulary.Encode(lineEnds.Read(text), out int unknown);
        if (_hasWritten && _framing.Mode == DataMode.Pairs)
            Begin();
        _lineEnds = lineEnds;
        UnknownCharacters += unknown;
        for (int i = 0; i < ids.Length; i++)
            _lane.Feed(ids[i], wantsLogits: i == ids.Length - 1);
        _text.AddRange(ids);
        _characters.Append(text);
    }

    /// <summary>Writes on from where the text stands. What is returned is then part of the text; the stop string that ended it is
    /// not.</summary>
    /// <param name="options">
    /// How text is drawn, or <see langword="null"/> for what the session was started with. One text is written, so that
    /// <see cref="SamplingOptions.NumSamples"/> and <see cref="SamplingOptions.Beams"/> must be 1.
    /// <see cref="SamplingOptions.IncludePrompt"/> and <see cref="SamplingOptions.InitialState"/> have no effect here.
    /// </param>
    /// <param name="cancellationToken">Stops the writing; the text is then as it was before.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="OptionsException">Options are wrong, ask for beam search, or have a pattern that no text can match
    /// here.</exception>
    /// <exception cref="InvalidOperationException">Text is being written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public GeneratedText Generate(SamplingOptions? options = null, CancellationToken cancellationToken = default)
    {
        SamplingSettings settings = Check(options);
        ThrowIfUnusable();
        SessionWriter writer = StartWriting(settings);
        try
        {
            writer.Write(int.MaxValue, cancellationToken);
            if (!writer.IsFinished)
                writer.Undo();
        }
        finally
        {
            EndWriting(writer);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return writer.Text;
    }

    /// <summary>
    /// Writes on from where the text stands, and hands out pieces of whole characters as they are certain: nothing that may turn out to
    /// belong to a stop string. What was handed out is part of the text, also where the caller stops early or cancels.
    /// </summary>
    /// <param name="options">How text is drawn, as for <see cref="Generate"/>.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>The pieces; together they are what <see cref="Generate"/> returns.</returns>
    /// <exception cref="OptionsException">Options are wrong, as for <see cref="Generate"/>.</exception>
    public IAsyncEnumerable<string> GenerateAsync(SamplingOptions? options = null, CancellationToken cancellationToken = default) =>
        WritePieces(Check(options), cancellationToken);

    /// <summary>Returns the most likely next characters, most likely first.</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>The characters with their probabilities under the model itself; the end of the text is among them where the model knows
    /// one.</returns>
    /// <exception cref="InvalidOperationException">Text is being written.</exception>
    public IReadOnlyList<CharacterProbability> NextCharacterProbabilities(int count = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ThrowIfUnusable();
        _lane.Save(Peek);
        _lane.Feed(Preface());
        float[] logits = _lane.Logits.ToArray();
        _lane.Restore(Peek);
        double total = Softmax.LogSumExp(logits);
        CharVocabulary vocabulary = _framing.Vocabulary;
        return [.. Enumerable.Range(0, logits.Length)
            .Where(id => !vocabulary.IsSpecial(id) || id == vocabulary.EndId)
            .OrderByDescending(id => logits[id])
            .Take(count)
            .Select(id => new CharacterProbability(id == vocabulary.EndId ? null : vocabulary.GetCharacter(id),
                Math.Exp(logits[id] - total)))];
    }

    /// <summary>Begins a new text.</summary>
    /// <exception cref="InvalidOperationException">Text is being written.</exception>
    public void Reset()
    {
        ThrowIfUnusable();
        Begin();
    }

    /// <summary>Returns a session that stands where this one does and goes its own way.</summary>
    /// <returns>A session, to be disposed by itself, before the model is.</returns>
    /// <exception cref="InvalidOperationException">Text is being written.</exception>
    public GenerationSession Fork()
    {
        ThrowIfUnusable();
        var fork = new GenerationSession(_lane.Model, _framing, _condition, _start.Options)
        {
            UnknownCharacters = UnknownCharacters,
            _hasWritten = _hasWritten,
            _lineEnds = _lineEnds
        };
        fork._lane.CopyFrom(_lane);
        fork._text.AddRange(_text);
        fork._characters.Append(_characters);
        return fork;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _lane.Dispose();
        _owner?.Dispose();
    }

    private async IAsyncEnumerable<string> WritePieces(SamplingSettings settings,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfUnusable();
        SessionWriter writer = StartWriting(settings);
        try
        {
            while (!writer.IsFinished)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string piece = await Task.Run(() => writer.Write(CharactersPerTurn, cancellationToken), CancellationToken.None)
                    .ConfigureAwait(false);
                if (piece.Length > 0)
                    yield return piece;
            }
        }
        finally
        {
            EndWriting(writer);
        }
    }

    private SamplingSettings Check(SamplingOptions? options)
    {
        SamplingSettings settings = options is null ? _start : new SamplingSettings(options, _framing, _lane.Model.Config);
        OptionFaults faults = new OptionFaults().In("Sampling");
        faults.Require(settings.Options.Beams == 1, nameof(SamplingOptions.Beams),
            $"must be 1 in a session, but is {settings.Options.Beams}: beam search needs the whole prompt");
        faults.ThrowIfAny(nameof(options));
        return settings;
    }

    private SessionWriter StartWriting(SamplingSettings settings)
    {
        SamplingOptions options = settings.Options;
        OptionFaults faults = new OptionFaults().In("Sampling");
        TextLimits limits = settings.NewLimits(options.MaxLength, null, options.PatternIncludesPrompt ? _characters.ToString() : "",
            faults);
        faults.ThrowIfAny(nameof(options));
        _isBusy = true;
        _lineEnds = new LineEnds(_framing.Vocabulary);
        var history = new TokenHistory(options, _framing.Vocabulary.Size);
        foreach (int id in CollectionsMarshal.AsSpan(_text))
            history.Add(id);
        CounterRandom random = SamplingSettings.Random(settings.NewSeed(), rowKey: 0, history.Hash, sample: 0);
        var draft = new TextDraft(settings, history, random, options.Temperature, limits);
        return new SessionWriter(_lane, settings, draft, Preface());
    }

    private void EndWriting(SessionWriter writer)
    {
        _isBusy = false;
        if (_isDisposed)
            return;
        _hasWritten |= writer.Keep();
        _text.AddRange(writer.HandedOut);
        _characters.Append(_framing.Vocabulary.Decode(writer.HandedOut));
    }

    /// <summary>Returns what is fed before written text: of a running text that has not begun, its opening; of a pair, the token between
    /// input and target.</summary>
    private int[] Preface() => _hasWritten ? [] : _text.Count > 0 ? _framing.AfterPrompt : [.. _framing.Opening, .. _framing.AfterPrompt];

    private void Begin()
    {
        InitialState initial = _start.Options.InitialState ?? _start.Config.InitialState;
        _lane.Begin(_condition, initial, new CounterRandom(_start.NewSeed(), 0, RandomPurpose.InitialState));
        _lane.Feed(_framing.BeforePrompt);
        _text.Clear();
        _lineEnds = new LineEnds(_framing.Vocabulary);
        _characters.Clear();
        UnknownCharacters = 0;
        _hasWritten = false;
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isBusy)
            throw new InvalidOperationException("Text is being written. Read the pieces to their end, or stop reading them, before "
                + "anything else is done with the session; or use a fork.");
    }
}
