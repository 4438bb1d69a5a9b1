using System.Globalization;
using RnnLm.Anomalies;

namespace RnnLm.Accuracy;

/// <summary>
/// How well implausible rows are told: half of the held-out rows calibrate, the others are checked, each as it is and with one mistake;
/// means over ten such splits.
/// </summary>
internal static class CheckFigures
{
    private const int Splits = 10, Order = 5;

    private static readonly string[] Odd =
        ["john", ";alksjfd", "the the the a a a", string.Join(' ', Enumerable.Repeat("Thank you.", 7)), new string('a', 12)];

    public static IEnumerable<(string Key, double Value)> Measure(
        Corpus corpus, RnnLanguageModel model, string? file, int splits = Splits)
    {
        var grams = new NGramModel(corpus.Training, Order);
        var figures = new List<(string Key, double Value)>();
        for (int split = 0; split < splits; split++)
        {
            var random = new Random(split + 1);
            string[] rows = [.. corpus.HeldOut];
            random.Shuffle(rows);
            string[] heldOut = rows[..(rows.Length / 2)], good = rows[(rows.Length / 2)..];
            string[] bad = [.. good.Select(row => Mistake.In(row, corpus.Characters, random))];

            AnomalyDetector detector = model.Calibrate(heldOut.Select(TextRow.Row));
            TextCheck[] goods = Check(good), bads = Check(bad);
            figures.Add(("fpr_1pct", goods.Average(check => check.PValue <= 0.01 ? 1.0 : 0)));
            figures.Add(("fpr_5pct", goods.Average(check => check.PValue <= 0.05 ? 1.0 : 0)));
            figures.Add(("auc", Area.Under(bads.Select(check => check.Score), goods.Select(check => check.Score))));
            figures.Add(("found_at_1pct", bads.Average(check => check.PValue <= 0.01 ? 1.0 : 0)));

            AnomalyDetector twoSided = model.Calibrate(heldOut.Select(TextRow.Row), new AnomalyOptions { TwoSided = true });
            figures.Add(("auc_two_sided", Area.Under(twoSided.CheckAll(bad.Select(TextRow.Row)).Select(check => check.Score),
                twoSided.CheckAll(good.Select(TextRow.Row)).Select(check => check.Score))));
            if (split == 0)
            {
                foreach (string odd in Odd)
                    Console.WriteLine(FormattableString.Invariant(
                        $"p = {detector.Check(odd).PValue:F4}, two-sided {twoSided.Check(odd).PValue:F4}: {odd}"));
            }

            var calibration = new Calibration(heldOut.Select(grams.Measure), twoSided: false);
            double[] goodGrams = [.. good.Select(Score)], badGrams = [.. bad.Select(Score)];
            figures.Add(("auc_5gram", Area.Under(badGrams, goodGrams)));
            figures.Add(("found_at_1pct_5gram", badGrams.Average(score => calibration.PValue(score) <= 0.01 ? 1.0 : 0)));
            if (corpus.IsValid is { } isValid)
            {
                figures.Add(("valid_mistakes", bad.Average(row => isValid(row) ? 1.0 : 0)));
                figures.Add(("auc_oracle", Area.Under(bad.Select(Rule), good.Select(Rule))));
                figures.Add(("auc_invalid", Area.Under(bads.Where((_, i) => !isValid(bad[i])).Select(check => check.Score),
                    goods.Select(check => check.Score))));
                figures.Add(("auc_invalid_5gram", Area.Under(badGrams.Where((_, i) => !isValid(bad[i])), goodGrams)));
                if (bad.Any(row => !HasCheckDigit(row)) && good.All(HasCheckDigit))
                    figures.Add(("auc_with_check_digit", Area.Under(bads.Select((check, i) => WithDigit(check, bad[i])),
                        goods.Select((check, i) => WithDigit(check, good[i])))));

                double Rule(string row) => isValid(row) ? 0 : 1;
            }

            if (split == 0 && file is not null)
                Write(file, heldOut, good, bad, goods, bads, goodGrams, badGrams);

            TextCheck[] Check(string[] texts) => [.. detector.CheckAll(texts.Select(TextRow.Row))];

            double Score(string row) => calibration.Score(grams.Measure(row));
        }

        TextEvaluation evaluation = model.Evaluate(corpus.HeldOut.Select(TextRow.Row));
        double gramLoss = corpus.HeldOut.Select(grams.Measure).Sum(row => (double)row.Mean * row.Length)
            / corpus.HeldOut.Sum(row => row.Length + 1);
        return
        [
            ("rows", corpus.HeldOut.Length / 2), ("nats", evaluation.NatsPerCharacter), ("nats_5gram", gramLoss),
            .. figures.GroupBy(figure => figure.Key, StringComparer.Ordinal)
                .SelectMany(figure => Spread(figure.Key, [.. figure.Select(one => one.Value)])),
        ];
    }

    private static double WithDigit(TextCheck check, string row) => HasCheckDigit(row) ? check.Score : double.MaxValue;

    private static bool HasCheckDigit(string row) => CheckDigits.Ean(row);

    private static IEnumerable<(string Key, double Value)> Spread(string key, double[] values) =>
        key.StartsWith("fpr", StringComparison.Ordinal)
            ? [(key, values.Average()), ($"{key}_least", values.Min()), ($"{key}_greatest", values.Max())]
            : [(key, values.Average())];

    private static void Write(string file, string[] heldOut, string[] good, string[] bad, TextCheck[] goods, TextCheck[] bads,
        double[] goodGrams, double[] badGrams)
    {
        File.WriteAllLines(file,
        [
            .. heldOut.Select(row => $"heldout\t\t\t\t{row}"), .. good.Select((row, i) => Line("good", goods[i], goodGrams[i], row)),
            .. bad.Select((row, i) => Line("bad", bads[i], badGrams[i], row)),
        ]);

        static string Line(string kind, TextCheck check, double gram, string row) =>
            string.Create(CultureInfo.InvariantCulture, $"{kind}\t{check.Score:R}\t{check.PValue:R}\t{gram:R}\t{row}");
    }
}
