using RnnLm.Patterns;

namespace RnnLm.Drawing;

/// <summary>What may come next in one text, and where it ends: by its lengths, by stop strings, and by a pattern.</summary>
internal sealed class TextLimits
{
    private readonly SamplingSettings _settings;
    private readonly int _maxLength, _minLength;
    private readonly PatternGuide? _pattern;
    private readonly List<bool> _ends = [];   // for each length so far, whether the text might have ended there
    private readonly float[] _mask;   // [V]
    private int _state, _length;

    /// <param name="settings">What all texts of a run have in common.</param>
    /// <param name="maxLength">The most characters to write.</param>
    /// <param name="pattern">Where the text begins in a pattern, or null without one.</param>
    public TextLimits(SamplingSettings settings, int maxLength, PatternPlace? pattern)
    {
        (_settings, _maxLength, _minLength) = (settings, maxLength, Math.Min(settings.Options.MinLength, maxLength));
        (_pattern, _state) = (pattern?.Guide, pattern?.State ?? 0);
        _mask = _pattern is null || settings.Stops.IsEmpty ? [] : new float[settings.Framing.Vocabulary.Size];
        LookForEnd();
    }

    private TextLimits(TextLimits source)
    {
        (_settings, _maxLength, _minLength) = (source._settings, source._maxLength, source._minLength);
        (_pattern, _state, _length, FinishReason) = (source._pattern, source._state, source._length, source.FinishReason);
        _ends = [.. source._ends];
        _mask = source._mask.Length == 0 ? [] : new float[source._mask.Length];
    }

    /// <summary>Gets why the text has ended, or null while it goes on.</summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>Gets whether the end token may come.</summary>
    public bool MayEnd => _length >= _minLength && (_pattern is null || _pattern.Automaton.IsAccepting(_state));

    /// <summary>
    /// Returns what is to be added to the logits of the next token: 0 or negative infinity. Empty where anything may come. // [V]
    /// </summary>
    /// <param name="ids">The text so far.</param>
    public ReadOnlySpan<float> Mask(ReadOnlySpan<int> ids)
    {
        if (_pattern is null)
            return [];
        float[] mask = _pattern.Mask(_state, _length, _maxLength - _length);
        if (_settings.Stops.IsEmpty)
            return mask;
        mask.CopyTo(_mask, 0);
        _settings.Stops.Allow(ids, Ends, _maxLength - _length, _mask);
        return _mask;
    }

    /// <summary>Takes note of one more character.</summary>
    /// <param name="ids">The text with it.</param>
    /// <returns>The length of the stop string that it ends with, or 0.</returns>
    public int Add(ReadOnlySpan<int> ids)
    {
        int stop = _settings.Stops.Match(ids, Ends);
        _length++;
        if (_pattern is not null)
            _state = _pattern.Automaton.Next(_state, ids[^1]);
        if (stop > 0)
            FinishReason = RnnLm.FinishReason.StopString;
        else
            LookForEnd();
        return stop;
    }

    /// <summary>Takes note of the end token.</summary>
    public void End() => FinishReason = RnnLm.FinishReason.EndToken;

    /// <summary>Returns how many characters at the end of the text may yet turn out to be part of a stop string.</summary>
    public int Pending(ReadOnlySpan<int> ids) => FinishReason is null ? _settings.Stops.Pending(ids, Ends) : 0;

    public TextLimits Clone() => new(this);

    private ReadOnlySpan<bool> Ends => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ends);

    private bool CanContinue(PatternGuide pattern) => pattern.CanContinue(_state, _length, _maxLength - _length);

    private void LookForEnd()
    {
        if (!_settings.Stops.IsEmpty)
            _ends.Add(MayEnd);
        if (_length == _maxLength)
            FinishReason = RnnLm.FinishReason.Length;
        // Where there is an end token, it is the only one that may come then.
        else if (_pattern is not null && _settings.Framing.EndId is null && MayEnd && !CanContinue(_pattern))
            FinishReason = RnnLm.FinishReason.Pattern;
    }
}
