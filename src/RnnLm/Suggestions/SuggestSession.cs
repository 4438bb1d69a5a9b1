using System.Text;
using RnnLm.Diagnostics;
using RnnLm.Drawing;
using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Modeling;
using RnnLm.Patterns;
using RnnLm.Suggestions;
using RnnLm.Text;

namespace RnnLm;

/// <summary>
/// A text that is being typed, with suggestions at any time. What the model has read, of the text and of what might follow it, is kept, so
/// that each key costs what is new alone, and one that goes on as was suggested often nothing. Used by one thread at a time.
/// </summary>
public sealed class SuggestSession : IDisposable
{
    // A factor of 150.
    internal const double UsualCatchUp = 5;

    private readonly double _catchUp;
    private readonly SuggestOptions _options;
    private readonly TextFraming _framing;
    private readonly TextTree _tree;
    private readonly SuggestionGoal _goal;
    private readonly Readings _readings;
    private readonly PatternGuide? _guide;
    private readonly StringBuilder _text = new();
    private bool _isWhole;   // the text was set, not typed
    private int _isBusy;
    private bool _isDisposed;

    /// <param name="model">The model.</param>
    /// <param name="framing">How the model's texts are framed.</param>
    /// <param name="condition">The condition, for a model that has them; else -1.</param>
    /// <param name="options">The options; copied.</param>
    /// <param name="catchUp">
    /// By how many nats a text that fell behind as what was typed was followed may gain on the others; infinite for a search that takes
    /// nothing for granted.
    /// </param>
    /// <exception cref="OptionsException">Options are wrong, or no text of the model's characters matches the pattern.</exception>
    internal SuggestSession(
        ILanguageModelRuntime model, TextFraming framing, int condition, SuggestOptions options, double catchUp = UsualCatchUp)
    {
        _catchUp = catchUp;
        var faults = new OptionFaults();
        options.Check(faults, framing.Mode);
        faults.ThrowIfAny(nameof(options));
        (_options, _framing) = (options.Clone(), framing);
        _guide = FindPattern(_options, framing, model.Config);
        _goal = new SuggestionGoal(_options, framing) { Guide = _guide };
        _tree = new TextTree(model, condition);
        _readings = new Readings(_options, _goal, _tree);
    }

    /// <summary>Gets or sets what was typed so far. Nothing is read until suggestions are asked for, and then only what is new.</summary>
    public string Text
    {
        get => _text.ToString();
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            ThrowIfUnusable();
            _text.Clear().Append(value);
            _isWhole = true;
        }
    }

    /// <summary>Adds characters to the text.</summary>
    /// <param name="typed">The characters.</param>
    /// <exception cref="InvalidOperationException">Suggestions are being looked for.</exception>
    public void Append(ReadOnlySpan<char> typed)
    {
        ThrowIfUnusable();
        _text.Append(typed);
        _isWhole = false;
    }

    /// <summary>Takes back the last characters; all, where there are fewer.</summary>
    /// <param name="count">How many, as Unicode scalar values: a surrogate pair is one.</param>
    /// <exception cref="InvalidOperationException">Suggestions are being looked for.</exception>
    public void Backspace(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ThrowIfUnusable();
        _isWhole = false;
        for (; count > 0 && _text.Length > 0; count--)
        {
            bool isPair = _text.Length > 1 && char.IsSurrogatePair(_text[^2], _text[^1]);
            _text.Length -= isPair ? 2 : 1;
        }
    }

    /// <summary>Looks for what was probably meant.</summary>
    /// <param name="cancellationToken">Stops the search, when the next key comes say; what was read until then is kept.</param>
    /// <returns>
    /// The suggestions, the most probable first. There are none where no text that is asked for begins with what was typed.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// A character is unknown, no typos are allowed, and the model was trained to refuse such.
    /// </exception>
    /// <exception cref="InvalidOperationException">Suggestions are being looked for already.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public SuggestionList Suggest(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
            throw Busy();
        try
        {
            return Search(_text.ToString(), cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <summary>Looks for what was probably meant on another thread.</summary>
    /// <inheritdoc cref="Suggest"/>
    public Task<SuggestionList> SuggestAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        return Task.Run(() => Suggest(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _tree.Dispose();
    }

    /// <summary>Returns the pattern of options, compiled for a model; null where they have none.</summary>
    /// <exception cref="OptionsException">No text of the model's characters matches it.</exception>
    internal static PatternGuide? FindPattern(SuggestOptions options, TextFraming framing, ModelConfig config)
    {
        if (options.Pattern is not { } pattern)
            return null;
        OptionFaults faults = new OptionFaults().In(SuggestOptions.Group);
        var settings = new SamplingSettings(new SamplingOptions(), framing, config);
        // What was typed counts as well, so that the pattern may ask for more characters than a suggestion adds.
        PatternPlace? place = PatternStart.Find(settings, pattern, before: [], int.MaxValue, faults, row: "");
        faults.ThrowIfAny("options");
        return place!.Value.Guide;
    }

    private SuggestionList Search(string typed, CancellationToken cancellationToken)
    {
        _goal.AcrossLines = false;
        bool isAnswer = _framing.Mode == DataMode.Pairs;
        if (_options.Typos > 0)
            return SearchAround(typed, cancellationToken);
        PatternPlace? place = _guide is null ? null : ReadPattern(isAnswer ? "" : typed);
        _goal.Guide = place?.Guide;
        TextNode start = Read(typed, out int unknown, cancellationToken);
        var search = new SuggestionSearch(_options, _goal, _tree, null, null, _framing.EndId);
        Suggestion[] found = [.. search.Run([Branch.Start(start, place?.State ?? 0)], cancellationToken).Select(item =>
        {
            string completion = Decode(item.Text, skip: 0);
            return new Suggestion(isAnswer ? completion : typed + completion, completion, item.Probability, Typos: 0);
        })];
        _tree.Trim(_tree.Path(start));
        return new SuggestionList(found, search.IsComplete, search.Steps, unknown);
    }

    /// <summary>Looks for texts from their beginning on, as the prefix may differ from theirs anywhere.</summary>
    private SuggestionList SearchAround(string typed, CancellationToken cancellationToken)
    {
        int[] tokens = [.. new LineEnds(_framing.Vocabulary).Read(typed).ToString().EnumerateRunes()
            .Select(character => _framing.Vocabulary.TryGetId(character, out int id) ? id : -1)];
        _goal.Guide = _guide;
        _goal.AcrossLines = typed.AsSpan().ContainsAny('\r', '\n');
        TextNode start = Read("", out _, cancellationToken);
        var growth = new TextGrowth(_options, _goal, new TypedText(tokens, _options.Typos));
        Branch[] readings = _readings.Follow(growth, start, _guide?.Automaton.Start ?? 0, _isWhole, cancellationToken);
        var search = new SuggestionSearch(_options, _goal, _tree, growth, _readings, _framing.EndId)
        {
            CatchUp = _catchUp,
        };
        Suggestion[] found = [.. search.Run(readings, cancellationToken).Select(item =>
        {
            int edits = item.Text.Edits;
            string? completion = edits == 0 ? Decode(item.Text, skip: tokens.Length) : null;
            return new Suggestion(Decode(item.Text, skip: 0), completion, item.Probability, edits);
        })];
        if (!_tree.Trim(_readings.Nodes))
            _readings.Clear();
        return new SuggestionList(found, search.IsComplete, search.Steps, tokens.Count(id => id < 0));
    }

    private PatternPlace ReadPattern(string typed)
    {
        try
        {
            return _guide!.Read(typed);
        }
        catch (PatternException e)
        {
            OptionFaults faults = new OptionFaults().In(SuggestOptions.Group);
            faults.Require(false, nameof(SuggestOptions.Pattern), $"{PatternStart.Quote(_options.Pattern)} {e.Message}");
            faults.ThrowIfAny("options");
            throw;
        }
    }

    private TextNode Read(string prompt, out int unknown, CancellationToken cancellationToken)
    {
        var reader = TokenReader.ForPrompt(_framing, prompt.AsMemory());
        TextNode node = _tree.Read(Ids(), cancellationToken);
        unknown = reader.UnknownCharacters;
        return node;

        IEnumerable<int> Ids()
        {
            while (reader.MoveNext())
                yield return reader.Id;
        }
    }

    /// <summary>Returns the characters of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="skip">So many are left out at its beginning.</param>
    private string Decode(Branch text, int skip)
    {
        var ids = new int[text.Length - skip];
        TextNode node = text.Node;
        for (int i = ids.Length - 1; i >= 0; i--, node = node.Parent!)
            ids[i] = node.Token;
        return _framing.Vocabulary.Decode(ids);
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Volatile.Read(ref _isBusy) != 0)
            throw Busy();
    }

    private static InvalidOperationException Busy() =>
        new("Suggestions are being looked for. Wait for them, or cancel the search and wait for its end, before anything else is done "
            + "with the session.");
}
