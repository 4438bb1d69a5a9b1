using System.Text;
using RnnLm.Anomalies;
using RnnLm.Runtime;
using RnnLm.Scoring;
using RnnLm.Tests.DataSets;
using RnnLm.Text;

namespace RnnLm.Tests.Anomalies;

/// <summary>The calibrated check, on trained models, against figures computed here from scores alone.</summary>
public sealed class AnomalyDetectorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PValuesAreTheRanksThatBruteForceFinds()
    {
        // Article numbers, some of them with a character more, so that there are rows of several lengths.
        string[] rows = [.. Fresh(400, seed: 1).Select((row, i) => row[..(i % 7 == 0 ? 8 : 9)])];
        AnomalyDetector detector = SmallModels.Articles.Calibrate(rows.Select(TextRow.Row));
        (int Length, double Mean, double Peak)[] known = [.. rows.Select(Surprise)];
        double[] scores = [.. known.Select((row, i) => Score([.. known.Where((_, other) => other != i)], row, row.Length, skip: i))];

        foreach (string text in (string[])["AX-1234-B", "AX-1234B", "QX-1234-B", "AX-12345-B", "B", "AX-1234-", .. Fresh(20, seed: 2)])
        {
            (int Length, double Mean, double Peak) row = Surprise(text);
            double score = Score(known, row, row.Length, skip: -1);
            TextCheck check = detector.Check(text);
            double p = (scores.Count(other => other >= score - 1e-9) + 1.0) / (rows.Length + 1);

            Assert.Equal(score, check.Score, 1e-3 * (1 + Math.Abs(score)));
            Assert.Equal(p, check.PValue, 2.0 / rows.Length);
            Assert.Equal(p <= 0.01, check.IsAnomaly);
        }

        // The row's surprise in standard deviations of the hundred rows of the nearest lengths, all rows of a length together.
        double Score((int Length, double Mean, double Peak)[] others, (int Length, double Mean, double Peak) row, int length, int skip)
        {
            int nearest = known.Select(other => other.Length).Distinct().MinBy(other => (Math.Abs(other - length), other));
            int[] distances = [.. known.Select(other => Math.Abs(other.Length - nearest)).Distinct().Order()];
            int reach = distances.First(distance => known.Count(other => Math.Abs(other.Length - nearest) <= distance) >= 100);
            var near = others.Where(other => Math.Abs(other.Length - nearest) <= reach).ToArray();
            return Math.Max(Deviation([.. near.Select(other => other.Mean)], row.Mean),
                Deviation([.. near.Select(other => other.Peak)], row.Peak));
        }

        static double Deviation(double[] others, double value)
        {
            double mean = others.Average();
            return (value - mean) / Math.Max(1e-3, Math.Sqrt(others.Sum(other => (other - mean) * (other - mean)) / (others.Length - 1)));
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    public void TheRateAskedForHoldsOnFreshRows(double rate)
    {
        const int Seeds = 10, Rows = 500;
        int found = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            AnomalyDetector detector = SmallModels.Articles.Calibrate(Fresh(Rows, seed + 100).Select(TextRow.Row),
                new AnomalyOptions { FalsePositiveRate = rate });
            found += detector.CheckAll(Fresh(Rows, seed + 200).Select(TextRow.Row)).Count(check => check.IsAnomaly);
        }

        // The threshold itself varies with the held-out rows, of which there are as many as of new ones: twice the binomial variance.
        double deviation = Math.Sqrt(2 * Seeds * Rows * rate * (1 - rate));
        Assert.InRange(found, (Seeds * Rows * rate) - (3.5 * deviation), (Seeds * Rows * rate) + (3.5 * deviation));
    }

    [Fact]
    public void MistakesAreToldFromGoodRows()
    {
        AnomalyDetector detector = SmallModels.Articles.Calibrate(Fresh(500, seed: 1).Select(TextRow.Row));
        string[] good = [.. Fresh(200, seed: 2)];
        // Each leaves what no article number can be.
        string[] bad = [.. good.Select((row, i) => (i % 4) switch
        {
            0 => row.Remove(i % 9, 1),
            1 => row.Insert(4, "7"),
            2 => row.Replace('-', '0'),
            _ => row[..2] + row[3] + row[2] + row[4..],
        })];
        double[] goods = [.. detector.CheckAll(good.Select(TextRow.Row)).Select(check => check.Score)];
        double[] bads = [.. detector.CheckAll(bad.Select(TextRow.Row)).Select(check => check.Score)];

        double area = bads.Average(worse => goods.Average(better => worse > better ? 1 : worse == better ? 0.5 : 0));
        Assert.InRange(area, 0.97, 1);
    }

    [Fact]
    public void ItSaysWhereAndWhatIsLikelier()
    {
        AnomalyDetector detector = Articles();

        TextCheck letter = detector.Check("AX+1234-B"), more = detector.Check("AX-1234-BX"), fewer = detector.Check("AX-1234");
        Assert.Equal((true, 2, "-"), (letter.IsAnomaly, letter.LeastLikelyPosition, letter.Suggestion));
        Assert.Equal((true, 9, ""), (more.IsAnomaly, more.LeastLikelyPosition, more.Suggestion));
        Assert.Equal((true, 7, "-"), (fewer.IsAnomaly, fewer.LeastLikelyPosition, fewer.Suggestion));
        Assert.False(detector.Check("AX-1234-B").IsAnomaly);
    }

    [Theory]
    [InlineData("AXé12é4-Ü")]
    [InlineData("ÜX-1234-B")]
    [InlineData("éé")]
    public void OfUnknownCharactersTheLeastLikelyIsNamedWithWhatIsLikelierThere(string text)
    {
        LoadedModel model = SmallModels.Articles.Loaded;
        IReadOnlyList<float> each = new TextScorer(model.LanguageModel, model.Framing, 1, keepEach: true)
            .Score(new ScoreRequest(text.AsMemory())).CharacterLogProbabilities;
        int place = Enumerable.Range(0, text.Length).Where(i => text[i] > 'z').MinBy(i => each[i]);
        using GenerationSession session = SmallModels.Articles.StartSession();
        session.Append(text[..place]);

        TextCheck check = Articles().Check(text);

        Assert.Equal(place, check.LeastLikelyPosition);
        Assert.Equal($"{session.NextCharacterProbabilities(1)[0].Character}", check.Suggestion);
    }

    [Theory]
    [InlineData(UnknownCharacterPolicy.Token, 10.0, 6, "a")]
    [InlineData(UnknownCharacterPolicy.Token, 20.0, 2, "b")]
    [InlineData(UnknownCharacterPolicy.Skip, 10.0, 3, null)]
    [InlineData(UnknownCharacterPolicy.Skip, 20.0, 2, "b")]
    public void ThePlaceIsThatOfTheGreatestSurpriseWithUnknownCharactersAt14Nats(
        UnknownCharacterPolicy policy, double surprise, int position, string? suggestion)
    {
        var vocabulary = new CharVocabulary("ab".EnumerateRunes(), policy, startAndEnd: true);
        Assert.True(vocabulary.TryGetId(new Rune('a'), out int a) & vocabulary.TryGetId(new Rune('b'), out int b));
        // What a scorer finds of "abaéabÜ" where the first a is the least likely known character.
        var score = new TextScore(new() { LogProbability = -40, Count = 8, UnknownCharacters = 2 }, 2)
        {
            Least = new(-surprise, 2, b),
            LeastUnknown = policy == UnknownCharacterPolicy.Token ? new(-3, 6, a) : null,
        };
        var data = new CalibrationData { Rows = [new(8, 1, 2), new(8, 2, 3)], FalsePositiveRate = 0.5, Threshold = 0.5 };

        TextCheck check = new RowJudge(vocabulary, data).Judge("abaéabÜ", score, -1);

        Assert.Equal((position, suggestion), (check.LeastLikelyPosition, check.Suggestion));
    }

    [Theory]
    [InlineData("john")]
    [InlineData(";alksjfd")]
    [InlineData("the the the a a a")]
    [InlineData("A")]
    [InlineData("")]
    [InlineData("漢字漢字漢字漢字漢")]
    [InlineData("AX-1234-BAX-1234-BAX-1234-B")]
    public void WhatIsNoneIsFoundWhateverItsLength(string text) => Assert.True(Articles().Check(text).IsAnomaly);

    [Fact]
    public void ItIsSavedWithTheModel()
    {
        AnomalyDetector detector = Articles();
        detector.Save(_folder["m.zip"]);
        SmallModels.Articles.Save(_folder["bare.zip"]);

        using RnnLanguageModel model = RnnLanguageModel.Load(_folder["m.zip"]), bare = RnnLanguageModel.Load(_folder["bare.zip"]);
        Assert.Null(bare.AnomalyDetector);
        AnomalyDetector loaded = model.AnomalyDetector!;
        Assert.Equal((detector.HeldOutRows, detector.Threshold), (loaded.HeldOutRows, loaded.Threshold));
        foreach (string text in (string[])["AX-1234-B", "AX-1234B", "john", ""])
            Assert.Equal(detector.Check(text), loaded.Check(text));

        AnomalyDetector strict = loaded.WithFalsePositiveRate(0.002);
        Assert.Equal(0.002, strict.Threshold);
        Assert.Contains("at least 9999", Assert.Throws<TextDataException>(() => loaded.WithFalsePositiveRate(0.0001)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ConditionsAreRankedAmongTheirOwn()
    {
        TextRow[] rows = [.. SmallModels.NameRows, .. SmallModels.NameRows];
        AnomalyDetector detector = SmallModels.Names.Calibrate(rows);

        Assert.Equal(["it", "de"], detector.CalibratedConditions);
        Assert.False(detector.Check("Anna", "it").IsAnomaly);
        Assert.True(detector.Check("Xxxxxx", "it").IsAnomaly);
        Assert.True(detector.Check("Otto", "it").PValue < detector.Check("Anna", "it").PValue);
        Assert.Throws<TextDataException>(() => detector.Check("Anna", "fr"));
    }

    [Fact]
    public void BadRowsChooseTheThreshold()
    {
        string[] bad = [.. Fresh(100, seed: 5).Select(row => row.Replace("-", "", StringComparison.Ordinal))];
        AnomalyDetector detector = SmallModels.Articles.Calibrate(Fresh(500, seed: 1).Select(TextRow.Row), null, bad.Select(TextRow.Row));

        Assert.Equal(1.0 / 501, detector.Threshold, 1e-12);
        Assert.All(bad, text => Assert.True(detector.Check(text).IsAnomaly));
        Assert.Throws<TextDataException>(() => SmallModels.Articles.Calibrate(Fresh(500, 1).Select(TextRow.Row), null, []));
    }

    [Fact]
    public void RepetitionOfTheLikelyIsFoundFromBothSides()
    {
        // Rows of what is hard to predict; then one that is all too easy.
        string[] rows = [.. Fresh(300, seed: 1).Select(row => row[..2] + "+" + row[3..])];
        TextCheck one = SmallModels.Articles.Calibrate(rows.Select(TextRow.Row)).Check("AX-1234-B");
        TextCheck two = SmallModels.Articles.Calibrate(rows.Select(TextRow.Row), new AnomalyOptions { TwoSided = true }).Check("AX-1234-B");

        Assert.Equal((1, false), (one.PValue, one.IsAnomaly));
        Assert.True(two.IsAnomaly);
        // From one side it is the lesser of two distances, from both the greater.
        Assert.InRange(one.Score, double.MinValue, -1);
        Assert.InRange(two.Score, -one.Score, double.MaxValue);
    }

    [Fact]
    public void EqualRowsAreEquallyPlausible()
    {
        TextRow[] rows = [.. Enumerable.Repeat(TextRow.Row("AX-1234-B"), 150)];
        AnomalyDetector detector = SmallModels.Articles.Calibrate(rows);

        Assert.Equal(1, detector.Check("AX-1234-B").PValue);
        Assert.True(detector.Check("AX+1234-B").IsAnomaly);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.PositiveInfinity)]
    public void RatesThatAreNoneAreRefused(double rate)
    {
        var options = new AnomalyOptions { FalsePositiveRate = rate };
        Assert.Contains("FalsePositiveRate must be above 0 and below 1",
            Assert.Throws<OptionsException>(() => SmallModels.Articles.Calibrate(["AX-1234-B"], options)).Message,
                StringComparison.Ordinal);
        Assert.Throws<OptionsException>(() => Articles().WithFalsePositiveRate(rate));
    }

    [Fact]
    public void TooFewRowsAreRefusedWithTheNumberNeeded()
    {
        IEnumerable<TextRow> Rows(int count) => Fresh(count, seed: 1).Select(TextRow.Row).Append("");
        var rare = new AnomalyOptions { FalsePositiveRate = 0.001 };

        Assert.Equal(99, SmallModels.Articles.Calibrate(Rows(99)).HeldOutRows);
        Assert.Contains("there are 98 held-out rows, but a false-positive rate of 0.01 takes at least 99",
            Assert.Throws<TextDataException>(() => SmallModels.Articles.Calibrate(Rows(98))).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("at least 999",
            Assert.Throws<TextDataException>(() => SmallModels.Articles.Calibrate(Rows(998), rare)).Message, StringComparison.Ordinal);
        Assert.Throws<TextDataException>(() => SmallModels.Articles.Calibrate([]));
        Assert.Equal("There is 1 held-out row, but a false-positive rate of 0.01 takes at least 99. Give more rows, or raise "
            + "Anomaly.FalsePositiveRate.", Assert.Throws<TextDataException>(() => SmallModels.Articles.Calibrate(Rows(1))).Message);

        AnomalyDetector one = SmallModels.Articles.Calibrate(["AX-1234-B"], new AnomalyOptions { FalsePositiveRate = 0.5 });
        Assert.Equal(1, one.Check("AX-1234-B").PValue);
        Assert.Equal(0.5, one.Check("+++").PValue);
        Assert.Throws<TextDataException>(() => SmallModels.Articles.Calibrate([TextRow.Pair("a", "b")]));
    }

    private static AnomalyDetector Articles() => SmallModels.Articles.Calibrate(Fresh(500, seed: 1).Select(TextRow.Row));

    private static (int Length, double Mean, double Peak) Surprise(string text)
    {
        LoadedModel model = SmallModels.Articles.Loaded;
        var each = new TextScorer(model.LanguageModel, model.Framing, 1, keepEach: true).Score(new ScoreRequest(text.AsMemory()))
            .CharacterLogProbabilities;
        // A character that the model does not know is one of all those that it does not.
        double charge = Math.Log(0x10F800 - SmallModels.Articles.Characters.Count);
        int unknown = text.Count(character => !SmallModels.Articles.Characters.Contains(new Rune(character)));
        double peak = Math.Max(-(double)each.Min(), unknown > 0 ? charge : 0);
        return (each.Count, (-each.Sum(value => (double)value) + (unknown * charge)) / each.Count, peak);
    }

    private static IEnumerable<string> Fresh(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
            yield return $"{(random.Next(2) == 0 ? "AX" : "BK")}-{random.Next(1000, 10000)}-{(char)('A' + random.Next(4))}";
    }
}
