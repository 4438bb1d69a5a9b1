using System.Text;

namespace RnnLm.Privacy;

/// <summary>
/// Compares samples of rows with the training rows, which come one after the other and are taken in chunks of a million characters:
/// memory does not grow with their number, and what is found does not depend on where a chunk ends.
/// </summary>
internal sealed class RowComparison
{
    // Rows that are taken by one thread at once.
    private const int BlockRows = 32;

    private readonly IReadOnlyList<RowSet> _sets;
    private readonly RowAlphabet _alphabet;
    private readonly (RowSet Set, int Row, int[] Ids)[] _rows;
    private readonly ParallelOptions _parallel;
    private readonly int _chunkLength;
    private readonly List<int> _text = [];
    private readonly List<int> _starts = [];

    /// <param name="sets">The rows to compare.</param>
    /// <param name="options">How.</param>
    /// <param name="chunkLength">The number of characters of a chunk.</param>
    public RowComparison(IReadOnlyList<RowSet> sets, PrivacyOptions options, int chunkLength = 1 << 20)
    {
        (_sets, _chunkLength) = (sets, chunkLength);
        foreach (RowSet set in sets)
            set.Begin();
        _alphabet = new RowAlphabet(sets.SelectMany(set => set.Sample));
        _rows = [.. sets.SelectMany(set => set.Sample.Select((text, row) => (set, row, _alphabet.Encode(text))))];
        _parallel = new ParallelOptions
        {
            CancellationToken = options.CancellationToken,
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
        };
    }

    public long TrainingRows { get; private set; }

    /// <summary>Adds a training row; an empty one is left out.</summary>
    public void AddTraining(string text)
    {
        _parallel.CancellationToken.ThrowIfCancellationRequested();
        if (text.Length == 0)
            return;
        TrainingRows++;
        UInt128 hash = RowSet.Hash(text);
        foreach (RowSet set in _sets)
            set.CountCopies(hash);
        if (_text.Count > 0 && _text.Count + text.Length > _chunkLength)
            Finish();
        _starts.Add(_text.Count);
        foreach (Rune character in text.EnumerateRunes())
            _text.Add(_alphabet.Find(character));
        // No character of a compared row, so that no run goes on from one row into the next.
        _text.Add(0);
    }

    /// <summary>Compares with the rows that were added last.</summary>
    public void Finish()
    {
        if (_starts.Count == 0)
            return;
        int[] text = [.. _text];
        var nearest = new NearestRows(text, [.. _starts]);
        var runs = new TextRuns(text, _alphabet.Size);
        int blocks = (_rows.Length + BlockRows - 1) / BlockRows;
        Parallel.For(0, blocks, _parallel, () => new EditDistance(_alphabet.Size), (block, _, distance) =>
        {
            for (int i = block * BlockRows; i < Math.Min(_rows.Length, (block + 1) * BlockRows); i++)
            {
                (RowSet set, int row, int[] ids) = _rows[i];
                distance.Begin(ids);
                set.Distances[row] = nearest.Find(distance, set.Distances[row]);
                set.Runs[row] = runs.Longest(ids, set.Runs[row]);
            }

            return distance;
        }, _ => { });
        _text.Clear();
        _starts.Clear();
    }
}
