using RnnLm.Tests.DataSets;

namespace RnnLm.Tests.Suggestions;

/// <summary>Suggestions of trained models, against what the models say of whole texts.</summary>
public class SuggestedByModelTests
{
    [Fact]
    public void ProbabilitiesAreThoseOfScores()
    {
        var options = new SuggestOptions { To = SuggestTo.End, Count = 20, MaxSteps = 100_000 };
        foreach (string prefix in new[] { "", "AX-1", "BK-12" })
        {
            SuggestionList found = SmallModels.Articles.Suggest(prefix, options);
            double[] scores = [.. found.Select(suggestion => LogProbability(SmallModels.Articles, suggestion.Text))];

            Assert.True(found.IsComplete);
            Assert.Equal(20, found.Count);
            // Given the prefix, all are as much likelier.
            double ofPrefix = prefix.Length == 0 ? 0 : scores[0] - Math.Log(found[0].Probability);
            for (int i = 0; i < found.Count; i++)
                Assert.Equal(found[i].Probability, Math.Exp(scores[i] - ofPrefix), found[i].Probability * 1e-4);
        }
    }

    [Fact]
    public void AnswersAreSuggestedWithTheProbabilitiesOfPairs()
    {
        SuggestionList found = SmallModels.Pairs.Suggest("3+4", new SuggestOptions { To = SuggestTo.End, Count = 5 });
        TextRow[] pairs = [.. found.Select(answer => TextRow.Pair("3+4", answer.Text))];
        double[] scores = [.. SmallModels.Pairs.ScoreAll(pairs).Select(score => score.LogProbability)];

        var beams = new SamplingOptions { Beams = 16, LengthPenalty = 0, MaxLength = 6 };
        Assert.Equal(SmallModels.Pairs.Generate("3+4", beams), found[0].Text);
        for (int i = 0; i < found.Count; i++)
            Assert.Equal(found[i].Probability, Math.Exp(scores[i]), found[i].Probability * 1e-4);
    }

    [Fact]
    public void ConditionsDecide()
    {
        var options = new SuggestOptions { To = SuggestTo.End, Count = 2 };
        Assert.Equal("Anna", SmallModels.Names.Suggest("A", options, "it")[0].Text);
        Assert.Equal("Ana", SmallModels.Names.Suggest("A", options, "es")[0].Text);
        Assert.Equal("Otto", SmallModels.Names.Suggest("", options, "de")[0].Text);
        Assert.Throws<ArgumentOutOfRangeException>(() => SmallModels.Names.Suggest("A", options, "fr"));
    }

    [Theory]
    [InlineData("Biacna")]
    [InlineData("Bianva")]
    [InlineData("Biana")]
    [InlineData("Biancca")]
    public void AMistypedNameIsFound(string typed)
    {
        Suggestion best = SmallModels.Names.Suggest(typed, new SuggestOptions { To = SuggestTo.End, Typos = 1 }, "it")[0];
        Assert.Equal(("Bianca", null, 1), (best.Text, best.Completion, best.Typos));
    }

    [Fact]
    public void ManyThreadsAreToldWhatOneIs()
    {
        var options = new SuggestOptions { To = SuggestTo.Pattern, Pattern = "(AX|BK)-[0-9]{4}-[A-D]", Typos = 1, Count = 3 };
        Suggestion[] expected = [.. SmallModels.Articles.Suggest("AX_12", options)];

        Assert.Equal(3, expected.Length);
        Assert.All(expected, suggestion => Assert.Matches("^AX-12[0-9]{2}-[A-D]$", suggestion.Text));
        Parallel.For(0, 8, _ => Assert.Equal(expected, SmallModels.Articles.Suggest("AX_12", options)));
    }

    private static double LogProbability(RnnLanguageModel model, string text) => model.Score(text).LogProbability;
}
