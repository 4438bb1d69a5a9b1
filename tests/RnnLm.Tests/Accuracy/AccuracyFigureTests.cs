using System.Globalization;
using RnnLm.Accuracy;
using RnnLm.Anomalies;
using RnnLm.Tests.Training;

namespace RnnLm.Tests.Accuracy;

/// <summary>What the benchmark of accuracy measures, held to figures by hand or by plain counting.</summary>
public sealed class AccuracyFigureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheAreaIsTheShareOfPairsTiesCountingHalf()
    {
        var random = new Random(1);
        for (int i = 0; i < 50; i++)
        {
            // Few values, so that many are alike.
            double[] bad = [.. Enumerable.Range(0, 1 + random.Next(20)).Select(_ => random.Next(6) + 1.0)],
                good = [.. Enumerable.Range(0, 1 + random.Next(20)).Select(_ => (double)random.Next(6))];
            Assert.Equal(Pairs(bad, good), Area.Under(bad, good), 1e-12);
        }

        Assert.Equal(1, Area.Under([2, 3], [0, 1]));
        Assert.Equal(0.5, Area.Under([1, 1], [1]));
    }

    /// <summary>Of the rows ab, ab and ac. Pairs: start-a three times, ab twice, ac once, b-end twice, c-end once, so that the discount
    /// is 2 / (2 + 2 · 2). Single ones by what stands before them: a, b and c one each, the end two, with a discount of 3 / (3 +
    /// 2).</summary>
    [Fact]
    public void TheNGramModelIsKneserAndNeysByHand()
    {
        var model = new NGramModel(["ab", "ab", "ac"], order: 2);
        const double Discount = 1.0 / 3, Other = 0.6 * 4 / 5 / 5, B = (0.4 / 5) + Other, End = (1.4 / 5) + Other;
        double afterStart = ((3 - Discount) / 3) + (Discount / 3 * B), afterA = ((2 - Discount) / 3) + (2 * Discount / 3 * B),
            afterB = ((2 - Discount) / 2) + (Discount / 2 * End), unknown = Discount / 3 * Other;

        RowSurprise known = model.Measure("ab"), strange = model.Measure("xb");

        Assert.Equal(3, known.Length);
        Assert.Equal(-Math.Log(afterStart * afterA * afterB) / 3, known.Mean, 1e-6);
        Assert.Equal(-Math.Log(afterA), known.Peak, 1e-6);
        // What is not known stands after the start as a character below all orders, and b after it as b alone.
        Assert.Equal(-Math.Log(unknown * B * afterB) / 3, strange.Mean, 1e-6);
        Assert.Equal(-Math.Log(unknown), strange.Peak, 1e-5);
    }

    [Fact]
    public void TheListFindsTheNearestAndOfEqualsTheMostFrequent()
    {
        string[] entries = ["monday", "friday", "monday", "may", "mnoday", "day", "sunday", "friday", "friday"];
        var list = new TrainingList(entries);
        foreach (string typed in (string[])["mnday", "omnday", "fridya", "", "ay", "xx"])
        {
            string[] expected = [.. entries.Distinct().OrderBy(entry => EditDistance.Of(typed, entry))
                .ThenByDescending(entry => entries.Count(other => other == entry)).ThenBy(entry => entry, StringComparer.Ordinal)];
            Assert.Equal(expected, list.Nearest(typed));
        }

        Assert.Equal(["monday", "may", "mnoday"], list.StartingWith("m"));
        Assert.True(list.Contains("may") && !list.Contains("ma"));
    }

    [Fact]
    public void AMistakeIsOneEditBehindWhatIsKept()
    {
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            string text = TinyTraining.Lines[i % 300][..8];
            string changed = Mistake.In(text, "abor ", random, from: 3);
            Assert.Equal(1, EditDistance.Of(text, changed));
            Assert.StartsWith(text[..3], changed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void KeystrokesAreSavedByTheLongestRightSuggestion()
    {
        // a is typed; the longest right one, abcd, is taken by one key; e is typed: three keys for five characters.
        Assert.Equal(1 - (3 / 5.0), Saved(["abcde"], typed => typed == "a" ? ["abxxxx", "ab", "abcd"] : []), 1e-12);
        // What gives no more than was typed, or is wrong, saves nothing; the second row is typed by hand.
        Assert.Equal(1 - (5 / 7.0), Saved(["abcde", "xy"], typed => typed == "ab" ? ["ab", "abcde", "abd"] : ["no"]), 1e-12);
        Assert.Equal(0, Saved(["abc"], _ => []));

        static double Saved(string[] rows, Func<string, IEnumerable<string>> suggest) => SuggestFigures.Saved(rows, suggest);
    }

    /// <summary>A split's rows with their scores are in a file, from which each figure is counted again.</summary>
    [Fact]
    public void FalseAlarmsAndWhatIsFoundAreThoseOfTheRows()
    {
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, TinyTraining.Options(DataMode.Rows));
        var corpus = new Corpus(TinyTraining.Lines[..100], TinyTraining.Lines[100..], Units: 32, BatchSize: 16, Epochs: 1);

        Dictionary<string, double> figures = CheckFigures.Measure(corpus, model, _folder["split.tsv"], splits: 1)
            .ToDictionary(figure => figure.Key, figure => figure.Value, StringComparer.Ordinal);

        string[][] rows = [.. File.ReadLines(_folder["split.tsv"]).Select(line => line.Split('\t'))];
        double[] Column(string kind, int at) =>
            [.. rows.Where(row => row[0] == kind).Select(row => double.Parse(row[at], CultureInfo.InvariantCulture))];
        Assert.Equal((100, 100, 100), (rows.Count(row => row[0] == "heldout"), Column("good", 1).Length, Column("bad", 1).Length));
        Assert.Equal(TinyTraining.Lines[100..].Order(), rows.Where(row => row[0] != "bad").Select(row => row[4]).Order());
        Assert.Equal(Column("good", 2).Count(p => p <= 0.01) / 100.0, figures["fpr_1pct"], 1e-12);
        Assert.Equal(Column("good", 2).Count(p => p <= 0.05) / 100.0, figures["fpr_5pct"], 1e-12);
        Assert.Equal(Column("bad", 2).Count(p => p <= 0.01) / 100.0, figures["found_at_1pct"], 1e-12);
        Assert.Equal(Pairs(Column("bad", 1), Column("good", 1)), figures["auc"], 1e-12);
        Assert.Equal(Pairs(Column("bad", 3), Column("good", 3)), figures["auc_5gram"], 1e-12);
        Assert.True(figures["auc"] > 0.6, $"{figures["auc"]}");
        Assert.Equal(model.Evaluate(TinyTraining.Lines[100..].Select(TextRow.Row)).NatsPerCharacter, figures["nats"], 1e-9);
    }

    private static double Pairs(double[] bad, double[] good) =>
        bad.Sum(b => good.Sum(g => b > g ? 1 : b == g ? 0.5 : 0)) / bad.Length / good.Length;
}
