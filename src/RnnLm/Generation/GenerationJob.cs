using RnnLm.Drawing;
using RnnLm.Lanes;

namespace RnnLm.Generation;

/// <summary>
/// Reads a prompt once, then writes its samples, each in a lane that starts from a copy of the state. Where they are judged, there is one
/// sample, written
/// anew from there until it is accepted.
/// </summary>
internal sealed class GenerationJob : LaneTask, ILaneJob
{
    private readonly SamplingSettings _settings;
    private readonly LogitSampler _sampler;
    private readonly GenerationRequest _request;
    private readonly ulong _seed;
    private readonly double _temperature;
    private readonly TextLimits _limits;
    private readonly GeneratedText?[] _samples;
    private readonly ITextJudge? _judge;
    private TokenReader _reader;
    private TokenHistory _history;
    private float[] _logits = [];   // [V]: what follows the prompt, where tries begin
    private bool _hasNext;
    private int _unfinished, _place = -1, _waiting, _tries;
    private RejectedTexts _rejected;

    public GenerationJob(SamplingSettings settings, LogitSampler sampler, in GenerationRequest request, ulong seed,
        ITextJudge? judge = null)
    {
        (_settings, _sampler, _request, _seed, _judge) = (settings, sampler, request, seed, judge);
        (_temperature, _limits) = RowSettings.Check(settings, request);
        (_reader, _history) = BeginReading();
        _samples = new GeneratedText[settings.Options.NumSamples];
        _unfinished = _samples.Length;
    }

    public bool IsDone => _unfinished == 0;

    public GenerationResult Result => new([.. _samples.OfType<GeneratedText>()], _reader.UnknownCharacters)
    {
        Tries = Math.Max(1, _tries),
        Rejected = _rejected,
    };

    public override bool NeedsLogits => !_hasNext;

    public LaneTask? Start()
    {
        if (_limits.FinishReason is null)
            return Read();
        for (int sample = 0; sample < _samples.Length; sample++)
            Finish(sample, NewDraft(sample));
        return null;
    }

    public LaneTask? Settle()
    {
        if (_judge is null || _samples[0] is not { } text || Count(_judge.Keep(_request, text.Text)))
            return null;
        // Its state was given up for others to use, so the prompt is read again.
        _samples[0] = null;
        if (IsLastTry)
            return null;
        _unfinished = 1;
        (_reader, _history) = BeginReading();
        return Read();
    }

    public override void Enter(LanePool pool, int lane) => _settings.Start(pool.Session, lane, _request.Condition, _seed, _request.RowKey);

    public override LaneTask? Advance(LanePool pool, int lane, ReadOnlySpan<float> logits)
    {
        if (!_hasNext)
            return BeginWriting(pool, lane, logits);
        ReadToken();
        return this;
    }

    /// <summary>Gets whether no further text is written: what is not drawn at random would be the same each time.</summary>
    private bool IsLastTry => _judge is null || _tries == _judge.MaxTries || _temperature == 0 || _limits.FinishReason is not null;

    private (TokenReader Reader, TokenHistory History) BeginReading() =>
        (TokenReader.ForPrompt(_settings.Framing, _request.Prompt), new TokenHistory(_settings.Options, _settings.Framing.Vocabulary.Size));

    private GenerationJob Read()
    {
        _hasNext = _reader.MoveNext();
        ReadToken();
        return this;
    }

    private void ReadToken()
    {
        Token = _reader.Id;
        if (_reader.IsCharacter)
            _history.Add(Token);
        _hasNext = _reader.MoveNext();
    }

    /// <summary>
    /// Draws the first character of each sample from the same logits. The first sample that goes on takes this lane; the others wait for
    /// theirs.
    /// </summary>
    private SampleTask? BeginWriting(LanePool pool, int lane, ReadOnlySpan<float> logits)
    {
        if (_judge is not null)
        {
            _logits = logits.ToArray();
            _place = pool.Park(lane);
            return Try(pool, lane);
        }

        SampleTask? here = null;
        for (int sample = 0; sample < _samples.Length; sample++)
        {
            TextDraft draft = NewDraft(sample);
            int token = draft.Write(_sampler, logits);
            if (draft.FinishReason is not null)
            {
                Finish(sample, draft);
                continue;
            }

            var task = new SampleTask(this, sample, draft, token);
            if (here is null)
            {
                here = task;
                continue;
            }

            if (_waiting++ == 0)
                _place = pool.Park(lane);
            pool.Enqueue(task);
        }

        return here;
    }

    /// <summary>Begins a text that goes on, or finds in the first characters that follow the prompt all that is to be had.</summary>
    private SampleTask? Try(LanePool pool, int lane)
    {
        while (!IsDone)
        {
            TextDraft draft = NewDraft(_tries);
            int token = draft.Write(_sampler, _logits);
            if (draft.FinishReason is null)
            {
                pool.Session.Copy(_place, lane);
                return new SampleTask(this, 0, draft, token);
            }

            Finish(0, draft);
        }

        pool.Unpark(_place);
        return null;
    }

    private TextDraft NewDraft(int sample)
    {
        TokenHistory history = _samples.Length == 1 && _judge is null ? _history : _history.Clone();
        return new TextDraft(_settings, history, SamplingSettings.Random(_seed, _request.RowKey, _history.Hash, sample), _temperature,
            _limits.Clone());
    }

    private void Finish(int sample, TextDraft draft)
    {
        GeneratedText text = draft.ToText(_settings.Options.IncludePrompt ? _request.Prompt.Span : []);
        _tries++;
        if (_judge is null || Count(_judge.Judge(_request, text.Text)))
            _samples[sample] = text;
        if (_samples[sample] is not null || IsLastTry)
            _unfinished--;
    }

    private bool Count(TextVerdict verdict)
    {
        _rejected += verdict switch
        {
            TextVerdict.Invalid => new RejectedTexts(1, 0, 0),
            TextVerdict.Known => new RejectedTexts(0, 1, 0),
            TextVerdict.Repeated => new RejectedTexts(0, 0, 1),
            _ => default,
        };
        return verdict == TextVerdict.Accepted;
    }

    /// <summary>Writes one sample.</summary>
    private sealed class SampleTask : LaneTask
    {
        private readonly GenerationJob _job;
        private readonly int _sample;
        private readonly TextDraft _draft;

        public SampleTask(GenerationJob job, int sample, TextDraft draft, int token)
        {
            (_job, _sample, _draft) = (job, sample, draft);
            Token = token;
        }

        public override bool NeedsLogits => true;

        public override void Enter(LanePool pool, int lane)
        {
            pool.Session.Copy(_job._place, lane);
            if (--_job._waiting == 0)
                pool.Unpark(_job._place);
        }

        public override LaneTask? Advance(LanePool pool, int lane, ReadOnlySpan<float> logits)
        {
            Token = _draft.Write(_job._sampler, logits);
            if (_draft.FinishReason is null)
                return this;
            _job.Finish(_sample, _draft);
            return _job._judge is null ? null : _job.Try(pool, lane);
        }
    }
}
