using RnnLm.Tests.DataSets;

namespace RnnLm.Tests.Privacy;

/// <summary>Exposure, held against the scores of all texts of the format, one by one.</summary>
public sealed class ExposureTests
{
    private static readonly Lazy<(RnnLanguageModel Model, CanarySet Canaries)> Trained = new(Train);

    [Fact]
    public void ExactExposureIsTheRankAmongAllTexts()
    {
        (RnnLanguageModel model, CanarySet canaries) = Trained.Value;
        double[] all = [.. Enumerable.Range(0, 10_000).Select(i => -model.Score($"ZQ-{i:0000}-A").LogProbability)];

        ExposureReport report = model.MeasureExposure(canaries);

        Assert.Equal((10_000, 10_000, 10_000), (report.Combinations, report.Scored, canaries.Format.Combinations));
        Assert.Null(report.FitDistance);
        foreach (CanaryExposure found in report.Canaries)
        {
            double own = -model.Score(found.Canary.Text).LogProbability;
            int rank = 1 + all.Count(other => other < own);
            Assert.Equal((ExposureMethod.Exact, (double?)rank), (found.Method, found.Rank));
            Assert.Equal(Math.Log2(10_000) - Math.Log2(rank), found.Exposure!.Value, 9);
            Assert.Equal(own / Math.Log(2), found.LogPerplexity, 6);
        }

        double Mean(int repeats) => report.Canaries.Where(found => found.Canary.Repeats == repeats).Average(found => found.Exposure!.Value);
        // Not planted: chance, 1.44 bits, with a standard deviation of 0.46 for ten. Planted fifty times: among the first few.
        Assert.InRange(Mean(0), 0.2, 3.2);
        Assert.InRange(Mean(50), 8, report.MaxExposure);
    }

    [Fact]
    public void EstimatesAreNearTheExactRank()
    {
        (RnnLanguageModel model, CanarySet canaries) = Trained.Value;
        ExposureReport exact = model.MeasureExposure(canaries),
            estimated = model.MeasureExposure(canaries, new() { MaxEnumeration = 0, Samples = 2000, Seed = 3 });

        Assert.Equal(2000, estimated.Scored);
        Assert.All(exact.Canaries.Zip(estimated.Canaries), pair =>
        {
            (CanaryExposure known, CanaryExposure found) = pair;
            bool frequent = known.Rank > 800;
            if (frequent)
                Assert.Equal(ExposureMethod.Sampled, found.Method);
            Assert.Equal(known.Exposure!.Value, found.Exposure!.Value, found.Method == ExposureMethod.Sampled ? 0.4 : 3);
            Assert.InRange(found.Exposure.Value, 0, estimated.MaxExposure);
        });
        Assert.Contains(estimated.Canaries, found => found.Method == ExposureMethod.Extrapolated);
        Assert.InRange(estimated.FitDistance!.Value, 0.001, 0.1);
        Assert.Equal(estimated.Canaries, model.MeasureExposure(canaries, new() { MaxEnumeration = 0, Samples = 2000, Seed = 3 }).Canaries);
    }

    [Fact]
    public void CharactersThatTheModelDoesNotKnowAreNoPartOfTheSpace()
    {
        RnnLanguageModel model = SmallModels.Articles;
        ExposureReport some = model.MeasureExposure(CanarySet.Draw("AX-100[0-9x-z]-A", 6, [0], 1));
        ExposureReport none = model.MeasureExposure(CanarySet.Draw("AX-[x-z]{4}", 3, [0], 1));

        Assert.Equal(10, some.Combinations);
        Assert.Contains(some.Canaries, found => found.Method == ExposureMethod.None);
        Assert.All(some.Canaries,
            found => Assert.Equal(found.Canary.Text[6] is >= 'x' ? ExposureMethod.None : ExposureMethod.Exact, found.Method));
        Assert.All(some.Canaries, found => Assert.Equal(found.Exposure is null, found.Method == ExposureMethod.None));
        Assert.Equal((0, 0, 0), (none.Combinations, none.Scored, none.MaxExposure));
        Assert.All(none.Canaries, found => Assert.Null(found.Exposure));
    }

    /// <summary>Each canary is told from others under its own condition; of a pair, the target after its input; of a running text, a
    /// line.</summary>
    [Fact]
    public void ConditionsPairsAndRunningTextsAreScoredAsTheyAreTrainedOn()
    {
        RnnLanguageModel names = SmallModels.Names;
        CanarySet canaries = CanarySet.Draw("A[na]{3}", 4, [1], 2, ["it", "de"]);
        string[] texts = [.. from a in "na" from b in "na" from c in "na" select $"A{a}{b}{c}"];
        Assert.All(names.MeasureExposure(canaries).Canaries, found => Assert.Equal(
            1 + texts.Count(text => names.Score(text, found.Canary.Condition).LogProbability > names.Score(found.Canary.Text,
            found.Canary.Condition).LogProbability), found.Rank));

        RnnLanguageModel pairs = SmallModels.Pairs;
        CanarySet sums = CanarySet.Draw(@"1\+1\t[0-9]", 5, [1], 2);
        double[] scores = [.. pairs.ScoreAll(Enumerable.Range(0, 10).Select(i => TextRow.Pair("1+1", $"{i}")))
            .Select(score => score.LogProbability)];
        Assert.Equal("", pairs.MeasureExposure(sums).UnknownCharacters);
        Assert.All(pairs.MeasureExposure(sums).Canaries,
            found => Assert.Equal(1 + scores.Count(score => score > scores[found.Canary.Text[^1] - '0']), found.Rank));

        using RnnLanguageModel stream = RnnLanguageModel.Train(
            Enumerable.Repeat("code 17\nname anna\ncode 34\n", 60).Select(TextRow.Row),
            new()
            {
                Model = { HiddenSize = 16 },
                Data = { RowSeparator = "" },
                Training = { MaxSteps = 60, Seed = 1 },
                Device = { Threads = 1 }
            });
        CanaryExposure[] lines = [.. stream.MeasureExposure(CanarySet.Draw("code [1-7][1-7]", 20, [1], 3)).Canaries];
        Assert.All(lines, found => Assert.Equal(found.Canary.Text[5..].All("1347".Contains), found.Method == ExposureMethod.Exact));
        lines = [.. lines.Where(found => found.Method == ExposureMethod.Exact)];
        Assert.NotEmpty(lines);
        Assert.All(lines, found => Assert.Equal(
            1 + (from a in "1347" from b in "1347" select $"\ncode {a}{b}\n").Count(text =>
            stream.Score(text).LogProbability > stream.Score($"\n{found.Canary.Text}\n").LogProbability),
            found.Rank));
    }

    /// <summary>A model that did not read the canaries may still know all that is random in them.</summary>
    [Fact]
    public void CharactersOfTheFixedPartThatTheModelDoesNotKnowAreNamed()
    {
        RnnLanguageModel model = SmallModels.Articles;
        Assert.Equal("zq", model.MeasureExposure(CanarySet.Draw("zqzAX-[0-9]{3}", 5, [1], 1)).UnknownCharacters);
        Assert.Equal("", model.MeasureExposure(CanarySet.Draw("AX-[0-9x-z]{3}", 5, [1], 1)).UnknownCharacters);
    }

    [Fact]
    public void WrongOptionsAreRefused()
    {
        OptionsException wrong = Assert.Throws<OptionsException>(() =>
            SmallModels.Articles.MeasureExposure(CanarySet.Draw("AX-[0-9]{4}", 1, [1], 1), new() { MaxEnumeration = -1, Samples = 99 }));
        Assert.Equal(["MaxEnumeration", "Samples"], wrong.Faults.Select(fault => fault.Property));
    }

    private static (RnnLanguageModel, CanarySet) Train()
    {
        CanarySet canaries = CanarySet.Draw("ZQ-[0-9]{4}-A", 10, [0, 50], 1);
        var options = new LanguageModelOptions
        {
            Model = { Cell = CellType.Gru, HiddenSize = 48, EmbeddingSize = 12 },
            Data = { Mode = DataMode.Rows, BatchSize = 16 },
            Optimizer = { LearningRate = 0.01 },
            Training = { MaxSteps = 900, Seed = 3 },
            Device = { Engine = EngineKind.Managed, Threads = 1 },
        };
        return (RnnLanguageModel.Train(canaries.Plant(SmallModels.ArticleRows.Select(TextRow.Row)), options), canaries);
    }
}
