using RnnLm.Drawing;
using RnnLm.Text;

namespace RnnLm.Generation;

/// <summary>
/// Writes one text piece by piece, and afterwards leaves the lane where the text that was kept ends. The model runs ahead of what is handed
/// out while a stop string may be coming, so the state from before it is saved.
/// </summary>
internal sealed class SessionWriter
{
    private const int Beginning = 1, BeforePending = 2;

    private readonly SessionLane _lane;
    private readonly CharVocabulary _vocabulary;
    private readonly LogitSampler _sampler;
    private readonly TextDraft _draft;
    private readonly int[] _preface;
    private int _fed, _handedOut, _pendingFrom = -1;

    /// <param name="lane">Where the text stands.</param>
    /// <param name="settings">How text is drawn.</param>
    /// <param name="draft">The text to be written.</param>
    /// <param name="preface">Tokens to be fed first.</param>
    public SessionWriter(SessionLane lane, SamplingSettings settings, TextDraft draft, int[] preface)
    {
        (_lane, _draft, _preface) = (lane, draft, preface);
        _vocabulary = settings.Framing.Vocabulary;
        _sampler = new LogitSampler(settings.Options, _vocabulary);
        lane.Save(Beginning);
        lane.Feed(preface);
    }

    /// <summary>Gets whether the text has ended.</summary>
    public bool IsFinished => _draft.FinishReason is not null;

    /// <summary>Gets the characters handed out so far.</summary>
    public ReadOnlySpan<int> HandedOut => _draft.Ids[.._handedOut];

    public GeneratedText Text => _draft.ToText([]);

    /// <summary>Writes some characters, fewer where the text ends or is cancelled, and hands out those that no stop string can take
    /// back.</summary>
    public string Write(int most, CancellationToken cancellationToken)
    {
        for (int i = 0; i < most && !IsFinished && !cancellationToken.IsCancellationRequested; i++)
        {
            int token = _draft.Write(_sampler, _lane.Logits);
            if (IsFinished)
                break;
            if (_draft.Pending == 0)
                _pendingFrom = -1;
            else if (_pendingFrom < 0)
                SavePending();
            _lane.Feed(token);
            _fed++;
        }

        int before = _handedOut;
        _handedOut = _draft.Ids.Length - _draft.Pending;
        return _vocabulary.Decode(_draft.Ids[before.._handedOut]);
    }

    /// <summary>Takes back what was handed out.</summary>
    public void Undo() => _handedOut = 0;

    /// <summary>Brings the lane to where the text handed out ends. Where the text broke off with nothing handed out, it has not
    /// begun.</summary>
    /// <returns>Whether the text has begun.</returns>
    public bool Keep()
    {
        bool hasBegun = IsFinished || _handedOut > 0;
        if (!hasBegun)
            _lane.Restore(Beginning);
        else if (_fed > _handedOut)
            GoBack();
        while (hasBegun && _fed < _handedOut)
            _lane.Feed(_draft.Ids[_fed++]);
        return hasBegun;
    }

    private void SavePending()
    {
        _lane.Save(BeforePending);
        _pendingFrom = _fed;
    }

    private void GoBack()
    {
        if (_pendingFrom >= 0 && _pendingFrom <= _handedOut)
        {
            _lane.Restore(BeforePending);
            _fed = _pendingFrom;
            return;
        }

        _lane.Restore(Beginning);
        _lane.Feed(_preface);
        _fed = 0;
    }
}
