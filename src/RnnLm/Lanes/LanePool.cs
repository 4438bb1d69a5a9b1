using RnnLm.Engines;

namespace RnnLm.Lanes;

/// <summary>
/// Continuous batching: many texts side by side, each in a lane of its own; where one ends, the next takes its lane at once, and where none
/// is left the last lane moves up, so that the lanes stepped are always the first ones. Texts that read and texts that write are stepped
/// together.
/// </summary>
internal sealed class LanePool : IDisposable
{
    /// <summary>The number of texts side by side where nothing else asks for more or fewer: more make a step hardly faster for each of
    /// them.</summary>
    public const int UsualLanes = 64;

    private readonly LaneTask[] _tasks;
    private readonly int[] _tokens;
    private readonly float[] _logits;   // [B, V]
    private readonly Queue<LaneTask> _waiting = [];
    private readonly Stack<int> _parkingPlaces = [];
    private readonly int _vocabularySize;
    private int _active;

    /// <param name="model">The model.</param>
    /// <param name="lanes">The number of texts side by side, B.</param>
    /// <param name="parking">Whether states can be kept aside: as many as there are lanes.</param>
    public LanePool(ILanguageModelRuntime model, int lanes, bool parking)
    {
        Session = model.CreateSession(parking ? 2 * lanes : lanes);
        _vocabularySize = model.Config.VocabularySize;
        _tasks = new LaneTask[lanes];
        _tokens = new int[lanes];
        _logits = new float[lanes * _vocabularySize];
        for (int place = (2 * lanes) - 1; parking && place >= lanes; place--)
            _parkingPlaces.Push(place);
    }

    public IInferenceSession Session { get; }

    /// <summary>Runs jobs, and returns each in the order of their requests once it is done.</summary>
    /// <param name="model">The model.</param>
    /// <param name="requests">
    /// The requests, read as lanes become free. At most two for each lane are read ahead of the oldest one that is not done, however long
    /// that takes.
    /// </param>
    /// <param name="begin">Makes the job of a request.</param>
    /// <param name="lanes">The number of texts side by side.</param>
    /// <param name="parking">Whether tasks of a job may wait for a lane with their state kept aside.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    public static IEnumerable<TJob> Run<TRequest, TJob>(
        ILanguageModelRuntime model,
        IEnumerable<TRequest> requests,
        Func<TRequest, TJob> begin,
        int lanes,
        bool parking,
        CancellationToken cancellationToken)
        where TJob : class, ILaneJob
    {
        using var pool = new LanePool(model, lanes, parking);
        using IEnumerator<TRequest> source = requests.GetEnumerator();
        var jobs = new Queue<TJob>();
        bool more = true;

        Func<LaneTask?> next = () =>
        {
            if (pool._waiting.TryDequeue(out LaneTask? waiting))
                return waiting;
            while (more && jobs.Count < 2 * lanes)
            {
                more = source.MoveNext();
                if (!more)
                    break;
                TJob job = begin(source.Current);
                jobs.Enqueue(job);
                if (job.Start() is { } task)
                    return task;
            }

            return null;
        };

        while (true)
        {
            while (jobs.TryPeek(out TJob? oldest) && oldest.IsDone)
            {
                if (oldest.Settle() is { } task)
                    pool.Enqueue(task);
                else
                    yield return jobs.Dequeue();
            }

            cancellationToken.ThrowIfCancellationRequested();
            pool.Fill(next);
            if (pool._active > 0)
                pool.Step(next);
            else if (!more && jobs.Count == 0)
                yield break;
        }
    }

    /// <summary>Copies a lane's state aside.</summary>
    /// <returns>The place, to be given back by <see cref="Unpark"/>.</returns>
    public int Park(int lane)
    {
        int place = _parkingPlaces.Pop();
        Session.Copy(lane, place);
        return place;
    }

    public void Unpark(int place) => _parkingPlaces.Push(place);

    /// <summary>Lets a task wait for the next lane that is free; it comes before any new request.</summary>
    public void Enqueue(LaneTask task) => _waiting.Enqueue(task);

    public void Dispose() => Session.Dispose();

    private void Fill(Func<LaneTask?> next)
    {
        while (_active < _tasks.Length && next() is { } task)
        {
            task.Enter(this, _active);
            _tasks[_active++] = task;
        }
    }

    private void Step(Func<LaneTask?> next)
    {
        bool needsLogits = false;
        for (int lane = 0; lane < _active; lane++)
        {
            _tokens[lane] = _tasks[lane].Token;
            needsLogits |= _tasks[lane].NeedsLogits;
        }

        Span<float> logits = needsLogits ? _logits.AsSpan(0, _active * _vocabularySize) : [];
        Session.Step(_tokens.AsSpan(0, _active), logits);
        // From the last lane down: what moves up into a lane that has become free has taken its logits already.
        for (int lane = _active - 1; lane >= 0; lane--)
        {
            Span<float> own = needsLogits ? logits.Slice(lane * _vocabularySize, _vocabularySize) : [];
            if (_tasks[lane].Advance(this, lane, own) is { } goesOn)
                _tasks[lane] = goesOn;
            else
                Refill(lane, next);
        }
    }

    private void Refill(int lane, Func<LaneTask?> next)
    {
        if (next() is { } task)
        {
            task.Enter(this, lane);
            _tasks[lane] = task;
            return;
        }

        _active--;
        if (lane != _active)
        {
            Session.Copy(_active, lane);
            _tasks[lane] = _tasks[_active];
        }

        _tasks[_active] = null!;
    }
}
