using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Numerics;

namespace RnnLm.Scoring;

/// <summary>
/// Scores texts in batches. The numbers of a text do not depend on the others. Texts start from the state of evaluation: a model trained
/// from normal states starts from their mean, zeros. Safe for use by many threads at once; each run has its own lanes.
/// </summary>
internal sealed class TextScorer
{
    private readonly ILanguageModelRuntime _model;
    private readonly TextFraming _framing;
    private readonly int _batchSize;
    private readonly bool _keepEach;

    /// <param name="model">The model.</param>
    /// <param name="framing">How the model's texts are framed.</param>
    /// <param name="batchSize">The number of texts scored side by side.</param>
    /// <param name="keepEach">Whether the log-probability of each character is kept.</param>
    public TextScorer(ILanguageModelRuntime model, TextFraming framing, int batchSize, bool keepEach = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_model, _framing, _batchSize, _keepEach) = (model, framing, batchSize, keepEach);
    }

    /// <summary>Scores texts.</summary>
    /// <param name="requests">The texts, read as results are asked for: at most twice the batch size ahead of the oldest that is not
    /// finished.</param>
    /// <param name="cancellationToken">Looked at before each step of the model.</param>
    /// <returns>A score for each text, in their order.</returns>
    public IEnumerable<TextScore> Score(IEnumerable<ScoreRequest> requests, CancellationToken cancellationToken = default)
    {
        foreach (Job job in LanePool.Run(_model, requests, request => new Job(this, request), _batchSize, parking: false,
            cancellationToken))
            yield return job.Result;
    }

    /// <summary>Scores one text.</summary>
    public TextScore Score(ScoreRequest request, CancellationToken cancellationToken = default) =>
        Score([request], cancellationToken).Single();

    /// <summary>Reads one text, always one token ahead of the lane: the token read is the target of the token fed.</summary>
    private sealed class Job(TextScorer scorer, ScoreRequest request) : LaneTask, ILaneJob
    {
        private readonly TokenReader _reader = TokenReader.ForScore(scorer._framing, request.Context, request.Text);
        private readonly List<float> _each = [];
        private readonly List<int> _places = [];
        private double _sum, _knownSum;
        private int _count, _knownCount, _bytes;
        private ScoredPlace? _least, _leastUnknown;

        public bool IsDone { get; private set; }

        public override bool NeedsLogits => _reader.IsCounted;

        public TextScore Result => new(
            new()
            {
                LogProbability = _sum,
                Count = _count,
                UnknownCharacters = _reader.UnknownCounted,
                KnownLogProbability = _knownSum,
                KnownCount = _knownCount,
                KnownBytes = _bytes,
            },
            _least?.Position ?? -1)
        {
            UnknownBefore = _reader.UnknownCharacters - _reader.UnknownCounted,
            CharacterLogProbabilities = _each,
            CharacterPositions = _places,
            Least = _least,
            LeastUnknown = _leastUnknown,
        };

        public LaneTask? Start()
        {
            IsDone = !_reader.MoveNext();
            return IsDone ? null : GoOn();
        }

        public override void Enter(LanePool pool, int lane) =>
            InitialLaneState.Write(pool.Session, lane, scorer._model.Config, request.Condition, scorer._model.Config.InitialState);

        public override LaneTask? Advance(LanePool pool, int lane, ReadOnlySpan<float> logits)
        {
            if (_reader.IsCounted)
                Count(logits[_reader.Id] - Softmax.LogSumExp(logits), logits);
            return GoOn();
        }

        private Job? GoOn()
        {
            Token = _reader.Id;
            IsDone = !_reader.MoveNext();
            return IsDone ? null : this;
        }

        private void Count(double logProbability, ReadOnlySpan<float> logits)
        {
            _sum += logProbability;
            _count++;
            bool isUnknown = _reader.Id == scorer._framing.Vocabulary.UnknownId;
            if (!isUnknown)
            {
                _knownSum += logProbability;
                _knownCount++;
                _bytes += scorer._framing.Vocabulary.Utf8Length(_reader.Id);
            }

            if (scorer._keepEach)
            {
                _each.Add((float)logProbability);
                _places.Add(_reader.Position);
            }

            bool isLeast = logProbability < (_least?.LogProbability ?? double.PositiveInfinity);
            bool isLeastUnknown = isUnknown && logProbability < (_leastUnknown?.LogProbability ?? double.PositiveInfinity);
            if (!isLeast && !isLeastUnknown)
                return;
            var place = new ScoredPlace(logProbability, _reader.Position, Likeliest(logits));
            _least = isLeast ? place : _least;
            _leastUnknown = isLeastUnknown ? place : _leastUnknown;
        }

        /// <summary>Returns the likeliest character, or the end.</summary>
        private int Likeliest(ReadOnlySpan<float> logits)
        {
            int best = -1;
            for (int id = 0; id < logits.Length; id++)
            {
                bool isText = id != scorer._framing.Vocabulary.UnknownId && id != scorer._framing.Vocabulary.StartId;
                if (isText && (best < 0 || logits[id] > logits[best]))
                    best = id;
            }

            return best;
        }
    }
}
