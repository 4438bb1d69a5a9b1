using System.Globalization;
using Xunit.Abstractions;

namespace RnnLm.Tests.Classification;

/// <summary>
/// Surnames of 18 countries, by a classifier of the first nine that learns the others: the figures of docs/classification.md, each the
/// median of three seeds.
/// </summary>
public sealed class FurtherNamesTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void AClassifierOfNineCountriesLearnsTheOtherNine()
    {
        LabelledText[] train = Read("train.csv"), test = Read("test.csv");
        string[] countries = [.. train.Select(row => row.Label!).Distinct().Order(StringComparer.Ordinal)];
        HashSet<string> old = [.. countries[..9]];
        bool IsOld(LabelledText row) => old.Contains(row.Label!);

        (double Old, double New, double All)[] further = new (double, double, double)[3], anew = new (double, double, double)[3],
            alone = new (double, double, double)[3];
        double[] before = new double[3];
        for (int i = 0; i < 3; i++)
        {
            using RnnTextClassifier first = RnnTextClassifier.Train(train.Where(IsOld), Options(epochs: 8, seed: i + 1, isNew: true));
            before[i] = first.Evaluate(test.Where(IsOld)).Accuracy;
            using RnnTextClassifier grown = RnnTextClassifier.Train(train, Options(1, i + 1, isNew: false), previous: first);
            Assert.Equal(first.Labels, grown.Labels.Take(9));
            Assert.Equal(countries, grown.Labels.Order(StringComparer.Ordinal));
            further[i] = Accuracy(grown);
            using RnnTextClassifier other = RnnTextClassifier.Train(train, Options(1, i + 1, isNew: true));
            anew[i] = Accuracy(other);
            using RnnTextClassifier forgetful =
                RnnTextClassifier.Train(train.Where(row => !IsOld(row)), Options(1, i + 1, isNew: false), previous: first);
            alone[i] = Accuracy(forgetful);
        }

        output.WriteLine($"before: old {Median(before):F3}");
        Report("further on all", further);
        Report("anew on all", anew);
        Report("further on the new alone", alone);
        // One epoch goes further from a classifier of half the labels, and the others are learned beside them.
        Assert.InRange(Median(further.Select(a => a.All)), Median(anew.Select(a => a.All)) + 0.02, 1);
        Assert.InRange(Median(further.Select(a => a.New)), 0.78, 1);
        Assert.InRange(Median(further.Select(a => a.Old)), Median(before) - 0.12, 1);
        // Labels that no row has any longer are forgotten, as the documentation warns.
        Assert.InRange(Median(alone.Select(a => a.Old)), 0, 0.1);

        (double Old, double New, double All) Accuracy(RnnTextClassifier model) => (model.Evaluate(test.Where(IsOld)).Accuracy,
            model.Evaluate(test.Where(row => !IsOld(row))).Accuracy, model.Evaluate(test).Accuracy);
    }

    private void Report(string what, (double Old, double New, double All)[] accuracies) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: old {Median(accuracies.Select(a => a.Old)):F3}, new "
        + $"{Median(accuracies.Select(a => a.New)):F3}, all {Median(accuracies.Select(a => a.All)):F3}"));

    private static double Median(IEnumerable<double> ofThree) => ofThree.Order().ElementAt(1);

    private static TextClassifierOptions Options(int epochs, long seed, bool isNew)
    {
        var options = new TextClassifierOptions
        {
            Vocabulary = { Grow = !isNew },
            Data = { BatchSize = 32 },
            Training = { Epochs = epochs, Seed = seed },
            Device = { Engine = EngineKind.Managed, Threads = 2 },
        };
        if (isNew)
            (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Gru, 64, 32);
        return options;
    }

    /// <summary>Reads lines of <c>"name","country"</c>.</summary>
    private static LabelledText[] Read(string file) =>
    [
        .. File.ReadLines(TestData.Require("names18", file)).Select(line => line.Trim().Trim('"').Split("\",\""))
            .Select(fields => new LabelledText(fields[0], fields[1])),
    ];
}
