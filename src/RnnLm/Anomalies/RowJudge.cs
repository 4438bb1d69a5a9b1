using System.Text;
using RnnLm.Scoring;
using RnnLm.Text;

namespace RnnLm.Anomalies;

/// <summary>Ranks scored texts among held-out rows. Safe for use by many threads at once.</summary>
internal sealed class RowJudge
{
    private const int CodePoints = 0x110000 - 0x800;

    private readonly CharVocabulary _vocabulary;
    private readonly double _threshold;
    private readonly Calibration _all;
    private readonly IReadOnlyDictionary<int, Calibration> _byCondition;

    /// <param name="vocabulary">The characters that the model knows.</param>
    /// <param name="data">The held-out rows, and the threshold.</param>
    public RowJudge(CharVocabulary vocabulary, CalibrationData data)
    {
        (_vocabulary, _threshold) = (vocabulary, data.Threshold);
        (_all, _byCondition) = data.Build();
    }

    /// <summary>Gets the indices of the conditions that have a calibration of their own.</summary>
    public IEnumerable<int> Conditions => _byCondition.Keys;

    /// <summary>Returns how surprising a text is; null where nothing of it is counted.</summary>
    /// <remarks>
    /// An unknown character is one of all those that the model does not know; so each costs the logarithm of their number beyond what the
    /// model says of the unknown. Otherwise text in another alphabet would be easy to predict. The peak counts one as that logarithm alone,
    /// or as what the model says, whichever is more: saved calibrations have it so.
    /// </remarks>
    public static RowSurprise? Measure(CharVocabulary vocabulary, TextScore score, int condition)
    {
        bool countsUnknown = vocabulary.UnknownId is not null;
        int unknown = score.UnknownCharacters, length = score.Count + (countsUnknown ? 0 : unknown);
        if (length == 0)
            return null;
        double cost = CostOfUnknown(vocabulary);
        double peak = Math.Max(-score.Least?.LogProbability ?? 0, unknown > 0 ? cost : 0);
        return new(length, (float)((-score.LogProbability + (unknown * cost)) / length), (float)peak, condition);
    }

    /// <summary>Says whether a text is plausible.</summary>
    /// <param name="text">The text; of a pair the target.</param>
    /// <param name="score">Its score.</param>
    /// <param name="condition">The index of its condition, or -1.</param>
    public TextCheck Judge(ReadOnlySpan<char> text, TextScore score, int condition)
    {
        if (Measure(_vocabulary, score, condition) is not { } measured)
            return new(double.NaN, double.NaN, 1, false, -1, null);
        Calibration usual = Usual(measured);
        double value = usual.Score(measured), p = usual.PValue(value);
        (int position, string? suggestion) = Place(text, score);
        return new(value, measured.Mean, p, p <= _threshold, position, suggestion);
    }

    /// <summary>Returns the p-value of a new row.</summary>
    public double PValue(RowSurprise row) => Usual(row).PValue(Usual(row).Score(row));

    /// <summary>Returns the p-value that one of the held-out rows has among the others.</summary>
    public double PValueOfKnown(RowSurprise row) => Usual(row).PValueOfKnown(Usual(row).ScoreOfKnown(row));

    private Calibration Usual(RowSurprise row) => _byCondition.GetValueOrDefault(row.Condition, _all);

    private static double CostOfUnknown(CharVocabulary vocabulary) => Math.Log(CodePoints - vocabulary.Characters.Count);

    /// <summary>Returns the place of the peak: that of the least likely character, unless an unknown one costs more; of several unknown
    /// ones that of the least likely. And what would be likelier there.</summary>
    private (int Position, string? Suggestion) Place(ReadOnlySpan<char> text, TextScore score)
    {
        ScoredPlace? place = score.Least;
        if (score.UnknownCharacters > 0 && !(-place?.LogProbability > CostOfUnknown(_vocabulary)))
        {
            place = score.LeastUnknown;
            // It is left out, so that the model says nothing of its place.
            if (place is null)
                return (FirstUnknown(text), null);
        }

        return place is { Position: int position, LikeliestId: int id }
            ? (position, id == _vocabulary.EndId ? "" : _vocabulary.Decode([id]))
            : (-1, null);
    }

    private int FirstUnknown(ReadOnlySpan<char> text)
    {
        int at = 0;
        foreach (Rune character in text.EnumerateRunes())
        {
            if (character.Value is not ('\r' or '\n') && !_vocabulary.TryGetId(character, out _))
                return at;
            at += character.Utf16SequenceLength;
        }

        return -1;
    }
}
