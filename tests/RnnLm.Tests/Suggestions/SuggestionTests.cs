using RnnLm.Lanes;
using RnnLm.Tests.Generation;
using RnnLm.Tests.Patterns;
using RnnLm.Text;

namespace RnnLm.Tests.Suggestions;

/// <summary>Suggestions against all texts that there are.</summary>
public class SuggestionTests
{
    private const string Characters = "abé ";

    public static TheoryData<DataMode, SuggestTo, string?, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<DataMode, SuggestTo, string?, int>();
            foreach (int typos in new[] { 0, 1, 2 })
            {
                foreach (DataMode mode in typos == 0 ? Enum.GetValues<DataMode>() : [DataMode.Rows, DataMode.Stream])
                {
                    kinds.Add(mode, SuggestTo.Word, null, typos);
                    if (mode != DataMode.Stream)
                        kinds.Add(mode, SuggestTo.End, null, typos);
                    kinds.Add(mode, SuggestTo.Pattern, "a+(b|é)?a", typos);
                    kinds.Add(mode, SuggestTo.Pattern, "(ab| é){0,2}", typos);
                }
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TheyAreTheLikeliestOfAllTexts(DataMode mode, SuggestTo to, string? pattern, int typos)
    {
        int compared = 0;
        foreach (string typed in new[] { "", "a", "ab", "b ", "aa", "é a", "ba" })
        {
            foreach ((int count, int maxLength, double minimum) in new[] { (3, 3, 0.0), (1, 2, 0.0), (10_000, 3, 0.0), (20, 3, 0.01) })
            {
                var options = new SuggestOptions
                {
                    To = to, Pattern = pattern, Typos = typos, TypoPenalty = 1.5,
                    Count = count, MaxLength = maxLength, MinProbability = minimum, MaxSteps = 100_000,
                };
                TextFraming framing = Framing(mode);
                Suggestion[] expected = AllSuggestions.Find(framing, typed, options);
                using SuggestSession session = Session(framing, options);
                session.Text = typed;

                SuggestionList found = session.Suggest();

                Assert.True(found.IsComplete);
                AllSuggestions.AssertSame(expected, found, options);
                Assert.DoesNotContain("", found.Select(suggestion => suggestion.Text));
                string before = mode == DataMode.Pairs ? "" : typed;
                Assert.All(found, suggestion =>
                    Assert.True(suggestion.Completion is null || suggestion.Text == before + suggestion.Completion));
                compared += found.Count;
            }
        }

        Assert.True(compared > 10, $"{compared}");
    }

    /// <summary>
    /// Each key extends what was read, and each backspace goes back: to what a new session says, with fewer steps of the model.
    /// </summary>
    [Theory]
    [InlineData(DataMode.Rows, SuggestTo.Word, 0)]
    [InlineData(DataMode.Stream, SuggestTo.Word, 1)]
    [InlineData(DataMode.Rows, SuggestTo.End, 1)]
    public void ASessionSaysWhatANewOneSays(DataMode mode, SuggestTo to, int typos)
    {
        TextFraming framing = Framing(mode);
        var options = new SuggestOptions { To = to, Typos = typos, MaxLength = 6 };
        ContextModel model = AllSuggestions.Model(framing.Vocabulary);
        using var session = new SuggestSession(model, framing, -1, options);
        string typed = "";
        var random = new Random(3);
        for (int key = 0; key < 60; key++)
        {
            if (random.Next(4) == 0)
            {
                session.Backspace();
                typed = typed.Length > 0 ? typed[..^1] : "";
            }
            else
            {
                string next = Characters[random.Next(Characters.Length)].ToString();
                session.Append(next);
                typed += next;
            }

            Assert.Equal(typed, session.Text);
            SuggestionList found = session.Suggest();
            using SuggestSession other = Session(framing, options);
            other.Text = typed;
            Assert.Equal(other.Suggest(), found);
        }

        // Nothing is read again.
        int lanes = model.LanesStepped;
        session.Suggest();
        Assert.Equal(lanes, model.LanesStepped);
        session.Append("a");
        session.Suggest();
        session.Backspace();
        lanes = model.LanesStepped;
        session.Suggest();
        Assert.Equal(lanes, model.LanesStepped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ABoundOnStepsIsKeptAndSaid(int typos)
    {
        TextFraming framing = Framing(DataMode.Rows);
        var options = new SuggestOptions { To = SuggestTo.End, Typos = typos, Count = 50, MaxLength = 20, MaxSteps = 30 };
        ContextModel model = AllSuggestions.Model(framing.Vocabulary);
        using var session = new SuggestSession(model, framing, -1, options);
        session.Text = "ab";

        SuggestionList found = session.Suggest();

        Assert.False(found.IsComplete);
        Assert.InRange(found.Steps, 1, 30);
        Assert.InRange(model.LanesStepped, 1, 30 + "ab".Length + 1);
        Assert.Equal(found.OrderByDescending(suggestion => suggestion.Probability), found);
        Suggestion[] all = AllSuggestions.Find(framing, "ab", new() { To = SuggestTo.End, Typos = typos, MaxLength = 4 });
        // What there is has its own probability; what is left out may be likelier.
        Assert.All(found.Where(suggestion => suggestion.Text.Length <= 5), suggestion =>
            Assert.InRange(suggestion.Probability, 0, all.Single(other => other.Text == suggestion.Text).Probability * (1 + 1e-6)));
    }

    [Fact]
    public async Task ACancelledSearchStopsAndItsSessionGoesOn()
    {
        TextFraming framing = Framing(DataMode.Rows);
        var options = new SuggestOptions { To = SuggestTo.End, Count = 1000, MaxLength = 12, MaxSteps = 100_000 };
        ContextModel model = AllSuggestions.Model(framing.Vocabulary);
        using var session = new SuggestSession(model, framing, -1, options);
        using var stop = new CancellationTokenSource();
        using var begun = new SemaphoreSlim(0);
        int steps = 0;
        model.OnStep = () =>
        {
            if (++steps != 5)
                return;
            begun.Release();
            stop.Cancel();
        };
        session.Append("a");
        Task<SuggestionList> search = session.SuggestAsync(stop.Token);
        await begun.WaitAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        Assert.Equal(5, steps);

        session.Append("b");
        SuggestionList found = session.Suggest();
        using SuggestSession other = Session(framing, options);
        other.Text = "ab";
        Assert.Equal(other.Suggest(), found);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => session.Suggest(cancelled.Token));
    }

    [Fact]
    public void WhileASearchRunsTheSessionIsNotChanged()
    {
        TextFraming framing = Framing(DataMode.Rows);
        ContextModel model = AllSuggestions.Model(framing.Vocabulary);
        using var session = new SuggestSession(model, framing, -1, new SuggestOptions());
        int refused = 0;
        model.OnStep = () =>
        {
            foreach (Action action in (Action[])
                [() => session.Append("a"), () => session.Backspace(), () => session.Text = "", () => session.Suggest()])
            {
                Assert.Throws<InvalidOperationException>(action);
                refused++;
            }
        };
        session.Suggest();
        Assert.True(refused > 0);
    }

    [Theory]
    [InlineData(UnknownCharacterPolicy.Token)]
    [InlineData(UnknownCharacterPolicy.Skip)]
    [InlineData(UnknownCharacterPolicy.Throw)]
    public void UnknownCharactersAreReadAsThoseOfPromptsOrAreTypos(UnknownCharacterPolicy policy)
    {
        var framing = new TextFraming(new CharVocabulary(Characters.EnumerateRunes(), policy, startAndEnd: true), DataMode.Rows);
        using SuggestSession session = Session(framing, new SuggestOptions());
        session.Text = "aÜb";
        if (policy == UnknownCharacterPolicy.Throw)
        {
            Assert.Contains("'Ü'", Assert.Throws<ArgumentException>(() => session.Suggest()).Message, StringComparison.Ordinal);
        }
        else
        {
            SuggestionList found = session.Suggest();
            Assert.Equal(1, found.UnknownCharacters);
            Assert.All(found, suggestion => Assert.StartsWith("aÜb", suggestion.Text, StringComparison.Ordinal));
            session.Text = policy == UnknownCharacterPolicy.Skip ? "ab" : "a";
            if (policy == UnknownCharacterPolicy.Skip)
                Assert.Equal(session.Suggest().Select(same => same.Completion), found.Select(suggestion => suggestion.Completion));
        }

        using SuggestSession around = Session(framing, new SuggestOptions { Typos = 1, Count = 50 });
        around.Text = "aÜb";
        SuggestionList corrected = around.Suggest();
        Assert.NotEmpty(corrected);
        Assert.All(corrected, suggestion => Assert.Matches("^a[abé ]?b", suggestion.Text));
        Assert.All(corrected, suggestion => Assert.Equal((1, null), (suggestion.Typos, suggestion.Completion)));
        around.Text = "ÜaÜb";
        Assert.Empty(around.Suggest());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void ALongPrefixIsRead(int typos)
    {
        TextFraming framing = Framing(DataMode.Rows);
        ContextModel model = AllSuggestions.Model(framing.Vocabulary);
        string prefix = string.Concat(Enumerable.Repeat("ab éa ", 400)) + "a";
        using var session = new SuggestSession(model, framing, -1, new SuggestOptions { Typos = typos, MaxSteps = 500 });
        session.Text = prefix;
        SuggestionList found = session.Suggest();
        using SuggestSession brief = Session(framing, new SuggestOptions());
        brief.Text = "a";
        if (typos == 0)
            Assert.Equal(brief.Suggest().Select(s => (prefix + s.Completion, s.Probability)), found.Select(s => (s.Text, s.Probability)));
        else
            Assert.False(found.IsComplete);
        // A character more is one more to read, and one fewer none.
        session.Append("b");
        session.Suggest();
        int lanes = model.LanesStepped;
        session.Backspace();
        session.Suggest();
        if (typos == 0)
            Assert.Equal(lanes, model.LanesStepped);
    }

    [Fact]
    public void MoreTyposThanCharactersAreAllowed()
    {
        TextFraming framing = Framing(DataMode.Rows);
        var options = new SuggestOptions
        {
            Typos = 4, TypoPenalty = 0.5, To = SuggestTo.End, MaxLength = 3, Count = 30, MaxSteps = 100_000,
        };
        foreach (string typed in new[] { "", "a" })
        {
            using SuggestSession session = Session(framing, options);
            session.Text = typed;
            AllSuggestions.AssertSame(AllSuggestions.Find(framing, typed, options), session.Suggest(), options);
        }
    }

    [Fact]
    public void EveryFaultOfTheOptionsIsNamed()
    {
        Refused("Suggest.Count must be from 1 to 10000, but is 0", new() { Count = 0 });
        Refused("Suggest.Count must be from 1 to 10000, but is 10001", new() { Count = 10_001 });
        Refused("Suggest.Typos must be from 0 to 4, but is 5", new() { Typos = 5 });
        Refused("Suggest.Typos must be from 0 to 4, but is -1", new() { Typos = -1 });
        Refused("Suggest.TypoPenalty must be a finite number of at least 0, but is NaN", new() { TypoPenalty = double.NaN });
        Refused("Suggest.MinProbability must be from 0 to 1, but is NaN", new() { MinProbability = double.NaN });
        Refused("Suggest.MaxLength must be from 1 to 1000, but is 0", new() { MaxLength = 0 });
        Refused("Suggest.MaxSteps must be from 1 to 100000, but is 0", new() { MaxSteps = 0 });
        Refused("Suggest.To can't be End for a model of running text", new() { To = SuggestTo.End }, DataMode.Stream);
        Refused("Suggest.Typos must be 0 for a model of pairs", new() { Typos = 1 }, DataMode.Pairs);
        Refused("Suggest.Pattern must be set where Suggest.To is Pattern", new() { To = SuggestTo.Pattern });
        Refused("Suggest.Pattern goes with Suggest.To = Pattern alone", new() { Pattern = "a" });
        Refused(
            "Suggest.Pattern 'x' can't be matched: the model's vocabulary has no character for 'x'",
            new() { To = SuggestTo.Pattern, Pattern = "x" });
        Refused(
            "Suggest.Pattern '(a{1,1000}){1,1000}' needs more than 100,000 states",
            new() { To = SuggestTo.Pattern, Pattern = "(a{1,1000}){1,1000}" });

        static void Refused(string message, SuggestOptions options, DataMode mode = DataMode.Rows) =>
            Assert.Contains(
                message, Assert.Throws<OptionsException>(() => Session(Framing(mode), options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b", "a+é")]
    [InlineData("Üa", "a+é")]
    public void WhatBreaksThePatternIsNotCompleted(string typed, string pattern)
    {
        using SuggestSession session = Session(Framing(DataMode.Rows), new SuggestOptions { To = SuggestTo.Pattern, Pattern = pattern });
        session.Text = typed;
        SuggestionList found = session.Suggest();
        Assert.Empty(found);
        Assert.True(found.IsComplete);
        session.Text = "a";
        Assert.NotEmpty(session.Suggest());
    }

    private static SuggestSession Session(TextFraming framing, SuggestOptions options) =>
        new(AllSuggestions.Model(framing.Vocabulary), framing, -1, options);

    private static TextFraming Framing(DataMode mode)
    {
        CharVocabulary vocabulary = mode == DataMode.Stream ? new(Characters.EnumerateRunes(), UnknownCharacterPolicy.Skip)
            : PatternTexts.Vocabulary(Characters, startAndEnd: true);
        return new TextFraming(vocabulary, mode);
    }
}
