using RnnLm.Lanes;
using RnnLm.Tests.Generation;
using RnnLm.Tests.Patterns;
using RnnLm.Text;

namespace RnnLm.Tests.Suggestions;

/// <summary>Texts typed key by key, with typos: what was compared at one key is kept for the next.</summary>
// Alone, since a test of it measures the memory of the process.
[CollectionDefinition(nameof(TypingTests), DisableParallelization = true)]
[Collection(nameof(TypingTests))]
public class TypingTests
{
    private const string Characters = "abé ";

    private static readonly TextFraming Rows = new(PatternTexts.Vocabulary(Characters, startAndEnd: true), DataMode.Rows);

    [Theory]
    [InlineData(DataMode.Rows, SuggestTo.End, 1, 8)]
    [InlineData(DataMode.Rows, SuggestTo.Word, 1, 8)]
    [InlineData(DataMode.Stream, SuggestTo.Word, 1, 8)]
    [InlineData(DataMode.Rows, SuggestTo.End, 2, 6)]
    public void EachKeyGivesTheLikeliestOfAllTexts(DataMode mode, SuggestTo to, int typos, int maxLength)
    {
        TextFraming framing = mode == DataMode.Rows ? Rows
            : new(new CharVocabulary(Characters.EnumerateRunes(), UnknownCharacterPolicy.Skip), mode);
        var options = new SuggestOptions
        {
            To = to, Typos = typos, TypoPenalty = 2, Count = 4, MaxLength = 2, MaxSteps = 100_000,
        };
        using SuggestSession session = Session(framing, options);
        // Takes nothing for granted of texts that fell behind.
        using SuggestSession proving = Session(framing, options, double.PositiveInfinity);
        foreach (string typed in Type(session, Characters, keys: 40, maxLength, seed: 4))
        {
            Suggestion[] all = AllSuggestions.Find(framing, typed, options);
            SuggestionList found = session.Suggest();
            proving.Text = typed;

            Assert.True(found.IsComplete);
            AllSuggestions.AssertSame(all, found, options);
            AllSuggestions.AssertSame(all, proving.Suggest(), options);
            Assert.Equal(Suggest(framing, typed, options), found);
        }
    }

    [Theory]
    [InlineData("abé ", 1, 150)]
    [InlineData("ab \n", 1, 60)]
    [InlineData("abé ", 2, 12)]
    public void ASessionSaysWhatANewOneSays(string characters, int typos, int maxLength)
    {
        var framing = new TextFraming(new CharVocabulary(characters.EnumerateRunes(), UnknownCharacterPolicy.Skip), DataMode.Stream);
        var options = new SuggestOptions { Typos = typos, MaxLength = 4, MaxSteps = 100_000 };
        using SuggestSession session = Session(framing, options);
        foreach (string typed in Type(session, characters, keys: 2 * maxLength, maxLength, seed: 5))
        {
            SuggestionList found = session.Suggest();
            if (typed.Length % 5 == 0 || typed.Contains('\n', StringComparison.Ordinal))
                Assert.Equal(Suggest(framing, typed, options), found);
        }

        // More is taken back than is held.
        foreach (int count in new[] { 20, 90, 20 })
        {
            session.Backspace(count);
            Assert.Equal(Suggest(framing, session.Text, options), session.Suggest());
        }
    }

    /// <summary>A key costs what is new, however long the text is; the whole text at once costs all of it.</summary>
    [Fact]
    public void AKeyCostsNoMoreInALongText()
    {
        var options = new SuggestOptions { To = SuggestTo.End, Typos = 1, MaxLength = 4 };
        using SuggestSession session = Session(Rows, options);
        var steps = new List<int>();
        foreach (string _ in Type(session, Characters, keys: 240, maxLength: 240, seed: 6, backspaces: false))
        {
            SuggestionList found = session.Suggest();
            steps.Add(found.Steps);
            Assert.True(found.IsComplete, $"{steps.Count}: {found.Steps}");
        }

        Assert.InRange(steps.Skip(160).Sum(), 1, steps.Skip(80).Take(80).Sum() * 1.3);
        SuggestionList whole = Suggest(Rows, session.Text, options);
        Assert.False(whole.IsComplete);
        Assert.InRange(whole.Steps, 1, options.MaxSteps);
        Assert.NotEmpty(whole);
        options.MaxSteps = 100_000;
        whole = Suggest(Rows, session.Text, options);
        Assert.True(whole.IsComplete);
        Assert.InRange(whole.Steps, steps.Max() * 8, options.MaxSteps);
        Assert.Equal(whole, session.Suggest());
    }

    /// <summary>A text that was set counts all its steps, whatever was typed before.</summary>
    [Fact]
    public void ATextThatIsSetIsSuggestedAsInANewSession()
    {
        var options = new SuggestOptions { To = SuggestTo.End, Typos = 1, MaxLength = 4, MaxSteps = 300 };
        using SuggestSession session = Session(Rows, options);
        int cut = 0;
        foreach (string typed in Type(session, Characters, keys: 60, maxLength: 60, seed: 7, backspaces: false))
        {
            session.Suggest();
            session.Text = typed;
            SuggestionList found = session.Suggest(), expected = Suggest(Rows, typed, options);
            Assert.Equal(expected, found);
            Assert.Equal((expected.IsComplete, expected.Steps), (found.IsComplete, found.Steps));
            cut += found.IsComplete ? 0 : 1;
        }

        Assert.InRange(cut, 10, 50);
    }

    [Fact]
    public async Task AfterACancelledSearchTheAnswersAreThoseOfANewSession()
    {
        var options = new SuggestOptions { To = SuggestTo.End, Typos = 1, MaxLength = 4, MaxSteps = 100_000 };
        foreach (int steps in new[] { 1, 4, 8 })
        {
            ContextModel model = AllSuggestions.Model(Rows.Vocabulary);
            using var session = new SuggestSession(model, Rows, -1, options);
            using var source = new CancellationTokenSource();
            int left = steps;
            model.OnStep = () =>
            {
                if (--left == 0)
                    source.Cancel();
            };
            session.Append("ab éa baé");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.SuggestAsync(source.Token));
            model.OnStep = null;
            session.Append("é");
            Assert.Equal(Suggest(Rows, "ab éa baéé", options), session.Suggest());
        }
    }

    /// <summary>A large model's states are not all kept, and the answers are the same.</summary>
    [Fact]
    public void ALongSessionHoldsABoundedNumberOfStates()
    {
        const int stateSize = 4000;
        ContextModel large = AllSuggestions.Model(Rows.Vocabulary, stateSize: stateSize);
        var options = new SuggestOptions { To = SuggestTo.End, Typos = 1, MaxLength = 4, MaxSteps = 100_000 };
        using var session = new SuggestSession(large, Rows, -1, options);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (string typed in Type(session, Characters, keys: 120, maxLength: 120, seed: 8))
        {
            SuggestionList found = session.Suggest();
            if (typed.Length % 10 == 0)
                Assert.Equal(Suggest(Rows, typed, options, stateSize), found);
        }

        long read = (long)large.LanesStepped * stateSize * sizeof(float);
        Assert.InRange(read, 50L << 20, long.MaxValue);
        // What other tests have left may be given back meanwhile, so that there is no least.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 40L << 20);
    }

    /// <summary>Types keys at random, and takes some back.</summary>
    private static IEnumerable<string> Type(
        SuggestSession session, string characters, int keys, int maxLength, int seed, bool backspaces = true)
    {
        var random = new Random(seed);
        for (int key = 0; key < keys; key++)
        {
            if (session.Text.Length == maxLength || (backspaces && random.Next(5) == 0))
                session.Backspace(random.Next(1, 4));
            else
                session.Append(characters.AsSpan(random.Next(characters.Length), 1));
            yield return session.Text;
        }
    }

    private static SuggestionList Suggest(TextFraming framing, string typed, SuggestOptions options, int stateSize = 1)
    {
        using SuggestSession session = Session(framing, options, stateSize: stateSize);
        session.Text = typed;
        return session.Suggest();
    }

    private static SuggestSession Session(
        TextFraming framing, SuggestOptions options, double catchUp = SuggestSession.UsualCatchUp, int stateSize = 1) =>
        new(AllSuggestions.Model(framing.Vocabulary, stateSize: stateSize), framing, -1, options, catchUp);
}
