using System.Text;
using RnnLm.Numerics;

namespace RnnLm.Privacy;

/// <summary>Measures exposure: scores canaries, and other texts of their format beside them.</summary>
internal sealed class ExposureMeter
{
    // With so many likelier texts among the drawn ones, their share is known to a tenth.
    private const int EnoughLikelier = 100;

    private readonly RnnLanguageModel _model;
    private readonly CanarySet _canaries;
    private readonly ExposureOptions _options;
    private readonly CanaryFormat? _format;

    public ExposureMeter(RnnLanguageModel model, CanarySet canaries, ExposureOptions options)
    {
        (_model, _canaries, _options) = (model, canaries, options);
        // A text with other characters is none that the model could write.
        _format = canaries.Format.Keep(IsKnown);
    }

    public ExposureReport Measure()
    {
        CanaryExposure[] found = new CanaryExposure[_canaries.Canaries.Count];
        double combinations = _format?.Combinations ?? 0;
        long scored = 0;
        double? fit = null;
        var measured = Enumerable.Range(0, found.Length).ToLookup(IsMeasured);
        // One unknown literal counts for all texts alike; but where the model refuses unknown characters, there is no score.
        foreach (int i in measured[false])
        {
            double bits = Scores(_model.Vocabulary.UnknownCharacters == UnknownCharacterPolicy.Throw ? [] : [_canaries.Canaries[i].Text],
                _canaries.Canaries[i].Condition)
                .FirstOrDefault(double.NaN);
            found[i] = new(_canaries.Canaries[i], ExposureMethod.None, bits, null, null);
        }

        foreach (IGrouping<string?, int> group in measured[true].GroupBy(i => _canaries.Canaries[i].Condition, StringComparer.Ordinal))
        {
            int[] members = [.. group];
            double[] bits = Scores(members.Select(i => _canaries.Canaries[i].Text), group.Key);
            bool all = combinations <= _options.MaxEnumeration;
            double[] others = Scores(all ? _format!.All() : Drawn(), group.Key);
            Array.Sort(others);
            scored += others.Length;
            SkewNormal? normal = null;
            double[] known = [.. bits.Order()];
            for (int k = 0; k < members.Length; k++)
                found[members[k]] = Rank(_canaries.Canaries[members[k]], bits[k], others, known, combinations, all, ref normal);
            if (normal is not null)
                fit = Math.Max(fit ?? 0, Distance(normal, others));
        }

        return new(_canaries.Format, combinations, scored, fit, found)
        {
            UnknownCharacters = string.Concat(_canaries.Format.Fixed.Where(IsText).Where(character => !IsKnown(character)).Distinct()),
        };
    }

    /// <param name="canary">The canary.</param>
    /// <param name="bits">Its log-perplexity.</param>
    /// <param name="others">Those of other texts, sorted.</param>
    /// <param name="canaries">Those of all canaries, sorted.</param>
    /// <param name="combinations">The number of texts.</param>
    /// <param name="all">Whether all texts are among the others.</param>
    /// <param name="normal">What is fitted to the others, once it is.</param>
    private static CanaryExposure Rank(
        Canary canary, double bits, double[] others, double[] canaries, double combinations, bool all, ref SkewNormal? normal)
    {
        double most = Math.Log2(combinations);
        if (all)
        {
            double rank = Count(others, bits, andEqual: false) + 1;
            return new(canary, ExposureMethod.Exact, bits, most - Math.Log2(rank), rank);
        }

        int likelier = Count(others, bits, andEqual: true);
        bool enough = likelier >= EnoughLikelier;
        double log2 = enough
            ? Math.Log2(likelier / (double)others.Length)
            : (normal ??= new SkewNormal(others)).LogCumulative(bits) / Math.Log(2);
        // Of the likelier texts, the other canaries at least are known.
        double exposure = Math.Min(most - Math.Log2(1 + Count(canaries, bits, andEqual: false)), -log2);
        return new(canary, enough ? ExposureMethod.Sampled : ExposureMethod.Extrapolated, bits, exposure, Math.Pow(2, most - exposure));
    }

    /// <summary>Returns how many of the sorted values are below a limit, or at it too.</summary>
    private static int Count(double[] sorted, double limit, bool andEqual)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (andEqual ? sorted[middle] <= limit : sorted[middle] < limit)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static double Distance(SkewNormal normal, double[] sorted)
    {
        const int Places = 500;
        double most = 0;
        for (int i = 0; i < sorted.Length; i += Math.Max(1, sorted.Length / Places))
        {
            double probability = Math.Exp(normal.LogCumulative(sorted[i])), count = sorted.Length;
            most = Math.Max(most, Math.Max(Math.Abs(probability - (i / count)), Math.Abs(probability - ((i + 1) / count))));
        }

        return most;
    }

    private bool IsMeasured(int canary) => _format is not null && _format.Matches(_canaries.Canaries[canary].Text)
        && (_model.Vocabulary.UnknownCharacters != UnknownCharacterPolicy.Throw || _canaries.Canaries[canary].Text.EnumerateRunes()
        .All(IsKnown));

    // Of a pair, the tab is between its two texts.
    private bool IsText(Rune character) => _model.Mode != DataMode.Pairs || character.Value != '\t';

    private bool IsKnown(Rune character) => _model.Vocabulary.TryGetId(character, out _);

    private IEnumerable<string> Drawn()
    {
        var random = new CounterRandom((ulong)_options.Seed, 2, RandomPurpose.Canaries);
        for (int i = 0; i < _options.Samples; i++)
            yield return _format!.Draw(ref random);
    }

    /// <summary>Returns the negative binary logarithms of the probabilities of texts.</summary>
    private double[] Scores(IEnumerable<string> texts, string? condition) =>
        [.. _model.ScoreAll(texts.Select(text => Row(text, condition)), _options.CancellationToken)
        .Select(score => -score.LogProbability / Math.Log(2))];

    private TextRow Row(string text, string? condition)
    {
        if (_model.Mode != DataMode.Stream)
            return CanarySet.Row(new(text, 1, condition), _model.Mode == DataMode.Pairs);
        // In a running text a row is a line, and the first character is but read.
        return TextRow.Row(IsKnown(new Rune('\n')) ? $"\n{text}\n" : text, condition);
    }
}
