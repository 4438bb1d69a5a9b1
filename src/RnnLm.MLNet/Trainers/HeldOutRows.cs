using RnnLm.Anomalies;
using RnnLm.Diagnostics;
using RnnLm.MLNet.DataViews;
using RnnLm.Numerics;

namespace RnnLm.MLNet.Trainers;

/// <summary>
/// Rows that are set aside to calibrate while the others are trained on: of good rows and of bad ones the same share, evenly spread over
/// the data. From each stretch that is to give one, a row is drawn, so that their number is that of the fraction.
/// </summary>
/// <param name="fraction">The share that is set aside; 0 for none.</param>
/// <param name="rate">The rate of false positives that they are to be enough for.</param>
/// <param name="seed">The seed of the draw.</param>
internal sealed class HeldOutRows(double fraction, double rate, ulong seed)
{
    private readonly Draw _goods = new(fraction, seed, 0), _bads = new(fraction, seed, 1);
    private readonly HashSet<string> _conditions = new(StringComparer.Ordinal);
    private bool _anyGood;

    /// <summary>Gets the rows that were set aside or given.</summary>
    public MarkedRows Rows { get; private init; } = new();

    /// <summary>Takes rows as they are given. They need not be trained on.</summary>
    /// <exception cref="TextDataException">There are too few for the rate.</exception>
    public static HeldOutRows Given(MarkedRows rows, double rate)
    {
        CalibrationData.CheckCount(rows.Good.Count, rate);
        return new(0, rate, 0) { Rows = rows };
    }

    /// <summary>Returns the good rows that are not set aside, as they are read.</summary>
    /// <exception cref="TextDataException">When all are read: what is held out does not do to calibrate a model of the others.</exception>
    public IEnumerable<TextRow> SetAside(IEnumerable<(TextRow Row, bool IsBad)> rows)
    {
        foreach ((TextRow row, bool isBad) in rows)
        {
            _anyGood |= !isBad && !row.Text.IsEmpty;
            // The first row of a condition is trained on, since the model is to know the conditions of all that are held out.
            bool isNew = !isBad && !row.Text.IsEmpty && row.Condition is { } condition && _conditions.Add(condition);
            if (!row.Text.IsEmpty && !isNew && (isBad ? _bads : _goods).Takes())
                Rows.Add(row, isBad);
            else if (!isBad)
                yield return row;
        }

        Check();
    }

    private void Check()
    {
        if (!_anyGood && _bads.Seen > 0)
        {
            throw new TextDataException($"there is no good row to learn from: {Counted.Of(_bads.Seen, "row is", "rows are")} labelled bad. "
                + $"Give good rows, with the label false or 0");
        }

        int needed = CalibrationData.RowsFor(rate);
        if (fraction > 0 && Rows.Good.Count < needed)
        {
            OptionId option = new("", nameof(RnnTextAnomalyDetectionTrainer.Options.HeldOutFraction));
            throw new TextDataException($"{option.Set(fraction)} of {Counted.Of(_goods.Seen, "good row")} leaves {Rows.Good.Count} to "
                + $"calibrate, but a false-positive rate of {rate} takes at least {needed}. Give more rows, or raise one of the two");
        }

        CalibrationData.CheckCount(Rows.Good.Count, rate);
        if (_bads.Seen > 0 && fraction > 0 && Rows.Bad.Count == 0)
        {
            throw new TextDataException($"none of the {Counted.Of(_bads.Seen, "bad row")} is among the held-out rows, which are to "
                + $"choose the threshold. Give more bad rows, or held-out data of their own");
        }

        if (Rows.Good.Concat(Rows.Bad).Select(row => row.Condition).OfType<string>().FirstOrDefault(name => !_conditions.Contains(name))
            is { } unknown)
            throw new TextDataException($"the condition '{unknown}' of a held-out row is in no row of the training data");
    }

    /// <summary>Says of one row after the other whether it is drawn.</summary>
    private sealed class Draw(double fraction, ulong seed, ulong sequence)
    {
        private CounterRandom _random = new(seed, sequence, RandomPurpose.Split);
        private long _drawn, _next = -1;

        public long Seen { get; private set; }

        public bool Takes()
        {
            if (fraction > 0 && _next < Seen)
                _next = Math.Max(Seen, (long)((_drawn++ + _random.NextDouble()) / fraction));
            return _next == Seen++;
        }
    }
}
