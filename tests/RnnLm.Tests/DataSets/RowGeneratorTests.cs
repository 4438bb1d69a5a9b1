using System.Text.RegularExpressions;

namespace RnnLm.Tests.DataSets;

/// <summary>Data sets, held against what a loop over single texts would have made of them.</summary>
public class RowGeneratorTests
{
    [Fact]
    public void WithoutRulesRowsAreTheTextsThatTheSeedGivesAnyway()
    {
        var options = new SamplingOptions { Seed = 4, MaxLength = 24 };
        string[] texts = [.. SmallModels.Articles.GenerateAll(Enumerable.Repeat("", 200), options).Select(samples => samples[0].Text)];

        GeneratedRow[] rows = [.. SmallModels.Articles.GenerateRows(new() { Rows = 200, Seed = 4 })];

        Assert.Equal(texts, rows.Select(row => row.Text));
        Assert.Equal(Enumerable.Range(0, 200).Select(number => (long)number), rows.Select(row => row.Number));
        Assert.All(rows, row => Assert.Equal(default, row.Rejected));
    }

    [Fact]
    public void RowsAreValidNewAndUnique()
    {
        const string Pattern = "(AX|BK)-[0-9]{4}-[A-D]";
        GeneratedRow[] rows = [.. SmallModels.Articles.GenerateRows(
            new() { Rows = 3000, Seed = 4, Unique = true },
            column => (column.New, column.Sampling, column.Validator) = (true, new() { Pattern = Pattern }, text => text[3] != '7'))];

        Assert.DoesNotContain(rows, row => row.IsMissing);
        Assert.All(rows, row => Assert.Matches($"^(?:{Pattern})$", row.Text));
        Assert.All(rows, row => Assert.NotEqual('7', row.Text[3]));
        Assert.Equal(3000, rows.Select(row => row.Text).ToHashSet().Count);
        Assert.Empty(rows.Select(row => row.Text).Intersect(SmallModels.ArticleRows));
        // Each of the rules was needed.
        Assert.True(rows.Sum(row => row.Rejected.Invalid) > 0 && rows.Sum(row => row.Rejected.Known) > 0
            && rows.Sum(row => row.Rejected.Repeated) > 0);
    }

    /// <summary>
    /// In a language of 50 texts rows are always in each other's way. What comes of writing 64 at once must be what comes of writing one
    /// after the other, and trying
    /// its samples in turn.
    /// </summary>
    [Theory]
    [InlineData(100, 40)]
    [InlineData(3, 50)]
    public void RowsAreThoseOfALoopThatWritesOneAfterTheOther(int maxTries, int count)
    {
        const string Pattern = "AX-1[0-4][02468]-[AB]";
        string[] known = ["AX-100-A", "AX-112-B"];
        bool isValid(string text) => text != "AX-130-A";
        var options = new SamplingOptions { Seed = 7, Pattern = Pattern, MaxLength = 24, NumSamples = maxTries };
        var taken = new HashSet<string>();
        var expected = new List<(bool, string?, RejectedTexts)>();
        foreach (IReadOnlyList<GeneratedText> tries in SmallModels.Articles.GenerateAll(Enumerable.Repeat("", count), options))
        {
            var rejected = default(RejectedTexts);
            string? text = null;
            foreach (string one in tries.Select(sample => sample.Text).TakeWhile(_ => text is null))
            {
                if (taken.Contains(one))
                    rejected += new RejectedTexts(0, 0, 1);
                else if (known.Contains(one))
                    rejected += new RejectedTexts(0, 1, 0);
                else if (!isValid(one))
                    rejected += new RejectedTexts(1, 0, 0);
                else
                    taken.Add(text = one);
            }

            expected.Add((text is null, text, rejected));
        }

        options.NumSamples = 1;
        var column = new GenerateColumn(SmallModels.Articles)
        {
            Sampling = options,
            NotIn = known.Select(TextRow.Row),
            Validator = isValid
        };
        GeneratedRow[] rows = [.. new RowGenerator(new() { Rows = count, Seed = 7, Unique = true, MaxTries = maxTries }, column).Rows()];

        Assert.Equal(expected, rows.Select(row => (row.IsMissing, row.Values.Count == 1 ? row.Values[0] : null, row.Rejected)));
        Assert.True(rows.Sum(row => row.Rejected.Repeated) > count / 2);
        Assert.Equal(maxTries == 3, rows.Any(row => row.IsMissing));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(119)]
    [InlineData(120)]
    public void WritingGoesOnAfterEarlierRowsToTheSameRows(int earlier)
    {
        GeneratedRow[] rows = [.. Generator().Rows()], begun = [.. rows.Take(earlier)];
        GeneratedRow[] rest = [.. Generator(begun).Rows()];

        Assert.Contains(rows, row => row.IsMissing);
        Assert.Equal(rows.Skip(earlier).Select(Show), rest.Select(Show));

        static RowGenerator Generator(IEnumerable<GeneratedRow>? earlier = null) => new(
            new() { Rows = 120, Seed = 2, Unique = true, MaxTries = 4, Earlier = earlier },
            new GenerateColumn(SmallModels.Countries, "Country"),
            new GenerateColumn(SmallModels.Articles, "Article") { Sampling = new() { Pattern = "BK-[0-9]{2}-[AB]" }, Unique = true });
    }

    [Fact]
    public void PartsOfRowsThatNeedNotBeUniqueAreThoseOfTheWhole()
    {
        string[] whole = [.. Part(0, 90)];

        string[] parts = [.. Part(0, 41), .. Part(41, 42), .. Part(42, 90)];
        Assert.Equal(whole, parts);

        static IEnumerable<string> Part(int first, int end) => SmallModels.Names.GenerateRows(
            new() { FirstRow = first, Rows = end, Seed = 6 }, column => column.Validator = text => text.Length > 3).Select(Show);
    }

    [Fact]
    public void TheColumnOfOneModelIsTheConditionOfAnother()
    {
        var generator = new RowGenerator(
            new() { Rows = 300, Seed = 1 },
            new GenerateColumn(SmallModels.Countries, "Country"),
            new GenerateColumn(SmallModels.Names, "Name") { ConditionColumn = "Country", Sampling = new() { Temperature = 0.5 } },
            new GenerateColumn(SmallModels.Names, "Friend") { Sampling = new() { Temperature = 0.5 } });
        GeneratedRow[] rows = [.. generator.Rows()];

        Assert.Equal(["Country", "Name", "Friend.Condition", "Friend"], generator.Names);
        // Whatever else its model writes, the country is one that the names' model knows.
        Assert.All(rows, row => Assert.Contains(row.Values[0], SmallModels.Names.Conditions));
        Assert.True(Share(row => row.Values[0] == "de", row => row.Values[1] is "Otto" or "Ulf") > 0.8);
        Assert.True(Share(row => row.Values[0] == "it", row => row.Values[1] is "Anna" or "Bianca") > 0.8);
        Assert.True(Share(row => row.Values[2] == "de", row => row.Values[3] is "Otto" or "Ulf") > 0.8);

        double Share(Func<GeneratedRow, bool> of, Func<GeneratedRow, bool> has) =>
            rows.Where(of).Select(row => has(row) ? 1.0 : 0).DefaultIfEmpty(0).Average();
    }

    [Fact]
    public void TwoColumnsOfOneModelAreNotDrawnAlike()
    {
        var generator = new RowGenerator(new() { Rows = 50, Seed = 1 }, new GenerateColumn(SmallModels.Articles, "A"),
            new GenerateColumn(SmallModels.Articles, "B"));
        Assert.All(generator.Rows(), row => Assert.NotEqual(row.Values[0], row.Values[1]));
    }

    [Fact]
    public void ConditionsComeAsOftenAsTheyAreWeighed()
    {
        Assert.Equal([120L, 60, 20], SmallModels.Names.ConditionCounts);
        Assert.InRange(Excess(null, 0.6, 0.3, 0.1), 0, 1);
        Assert.InRange(Excess(ConditionWeights.Training, 0.6, 0.3, 0.1), 0, 1);
        Assert.InRange(Excess(ConditionWeights.Uniform, 1 / 3.0, 1 / 3.0, 1 / 3.0), 0, 1);
        Assert.InRange(Excess(ConditionWeights.Given(new Dictionary<string, double> { ["es"] = 3, ["it"] = 1 }), 0.25, 0, 0.75), 0, 1);
        Assert.Equal(0, Excess(ConditionWeights.Only("de"), 0, 1, 0));

        static double Excess(ConditionWeights? weights, params double[] expected)
        {
            GeneratedRow[] rows =
                [.. SmallModels.Names.GenerateRows(new() { Rows = 3000, Seed = 5 }, column => column.ConditionWeights = weights)];
            int[] counts = [.. SmallModels.Names.Conditions.Select(condition => rows.Count(row => row.Values[0] == condition))];
            Assert.All(counts.Zip(expected), pair => Assert.True(pair.Second > 0 || pair.First == 0));
            int[] places = [.. Enumerable.Range(0, 3).Where(i => expected[i] > 0)];
            return places.Length == 1 ? 3000
                - counts[places[0]] : Generation.ChiSquare.Excess([.. places.Select(i => counts[i])], [.. places.Select(i => expected[i])]);
        }
    }

    [Fact]
    public void ConditionCountsAreKeptWithTheModel()
    {
        using var stream = new MemoryStream();
        SmallModels.Names.Save(stream);
        stream.Position = 0;
        using RnnLanguageModel loaded = RnnLanguageModel.Load(stream);

        Assert.Equal(SmallModels.Names.ConditionCounts, loaded.ConditionCounts);
    }

    [Fact]
    public void InputsOfPairsAreColumnsAndCountWhereRowsAreUnique()
    {
        string[] inputs = ["1+1", "2+2", "1+1"];
        var column = new GenerateColumn(SmallModels.Pairs)
        {
            Prompts = inputs,
            Sampling = new() { Pattern = "[0-9]{1,2}" },
            NotIn = [TextRow.Pair("1+1", "2")]
        };
        var generator = new RowGenerator(new() { Rows = 60, Seed = 1, Unique = true }, column);
        GeneratedRow[] rows = [.. generator.Rows()];

        Assert.Equal(["Input", "Text"], generator.Names);
        Assert.Equal(rows.Select(row => inputs[row.Number % 3]), rows.Select(row => row.Values[0]));
        Assert.Equal(60, rows.Select(row => (row.Values[0], row.Values[1])).Distinct().Count());
        Assert.DoesNotContain(rows, row => row.Values is ["1+1", "2"]);
        // The same text may follow another input.
        Assert.True(rows.Select(row => row.Text).Distinct().Count() < 60);
    }

    [Fact]
    public void AnEmptyTextIsNoRowButAnswersAnInput()
    {
        static GeneratedRow[] Write(RnnLanguageModel model) =>
            [.. model.GenerateRows(new() { Rows = 5, Seed = 1 },
            column => (column.Sampling, column.Prompts) = (new() { MaxLength = 0 }, ["", "1+1"]))];

        Assert.All(Write(SmallModels.Articles), row => Assert.Equal((true, new RejectedTexts(1, 0, 0)), (row.IsMissing, row.Rejected)));
        Assert.All(Write(SmallModels.Pairs), row => Assert.Equal((false, ""), (row.IsMissing, row.Text)));
    }

    [Fact]
    public void ARowWithAPromptIsOfTheTrainingDataWithIt()
    {
        string known = SmallModels.ArticleRows[0];
        foreach (bool includePrompt in new[] { true, false })
        {
            var column = new GenerateColumn(SmallModels.Articles)
            {
                Prompts = [known[..^1]],
                Sampling = new() { IncludePrompt = includePrompt, Pattern = "[A-D]" },
            };
            Check(column, new() { Rows = 400, Seed = 1 }, row => SmallModels.ArticleRows.Contains(row), isNew: true);
            column.NotIn = [TextRow.Row(known)];
            Check(column, new() { Rows = 400, Seed = 1 }, row => row == known, isNew: false);
        }

        void Check(GenerateColumn column, GenerateOptions options, Func<string, bool> isKnown, bool isNew)
        {
            column.New = isNew;
            GeneratedRow[] rows = [.. new RowGenerator(options, column).Rows()];
            string before = column.Sampling!.IncludePrompt ? "" : column.Prompts![0];
            Assert.Contains(rows, row => !row.IsMissing);
            Assert.DoesNotContain(rows, row => !row.IsMissing && isKnown(before + row.Text));
            Assert.Contains(rows, row => row.Rejected.Known > 0);
        }
    }

    [Fact]
    public void AModelWithNoMoreToSayEndsTheRows()
    {
        var rows = new List<GeneratedRow>();
        var e = Assert.Throws<GenerationExhaustedException>(() => rows.AddRange(SmallModels.Names.GenerateRows(
            new() { Rows = 100_000, Seed = 1, Unique = true, MaxTries = 300 },
            column => column.Sampling = new() { Temperature = 0.3, MaxLength = 24 })));

        Assert.Matches("^The model has hardly anything more to say: of the [0-9,]+ texts written for rows [0-9,]+ to [0-9,]+, [0-9,]+ were "
            + "written before", e.Message);
        Assert.Contains("Anna", rows.Where(row => !row.IsMissing).Select(row => row.Text));
        Assert.InRange(rows.Count, 100, 10_000);
        Assert.Equal(rows.Count(row => !row.IsMissing), rows.Where(row => !row.IsMissing).Select(row => row.Text).Distinct().Count());
    }

    [Fact]
    public void AValidatorThatAcceptsNothingEndsTheRows()
    {
        var rows = new List<GeneratedRow>();
        var e = Assert.Throws<GenerationExhaustedException>(() => rows.AddRange(
            SmallModels.Articles.GenerateRows(new() { Rows = 1000, MaxTries = 3 }, column => column.Validator = _ => false)));

        Assert.Equal(100, rows.Count);
        Assert.All(rows, row => Assert.True(row.IsMissing && row.Values.Count == 0 && row.Rejected == new RejectedTexts(3, 0, 0)));
        Assert.Matches("of the 300 texts written for rows 0 to 99, .* and 300 are invalid", e.Message);
        Assert.Throws<InvalidOperationException>(() => rows[0].Text);
    }

    [Fact]
    public void AValidatorThatThrowsNamesTextAndRow()
    {
        var e = Assert.Throws<InvalidOperationException>(() => SmallModels.Articles.GenerateRows(
            new() { Rows = 10 }, column => column.Validator = _ => throw new TimeoutException("no answer")).ToArray());
        Assert.Matches("^The validator failed on '.+', written for the row with key [0-9]: no answer$", e.Message);
    }

    [Fact]
    public void RowsStopWhereTheyAreCancelled()
    {
        using var stop = new CancellationTokenSource();
        var rows = new List<GeneratedRow>();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (GeneratedRow row in SmallModels.Articles.GenerateRows(new() { Rows = long.MaxValue }, cancellationToken: stop.Token))
            {
                rows.Add(row);
                if (rows.Count == 5)
                    stop.Cancel();
            }
        });
        Assert.InRange(rows.Count, 5, 200);
    }

    [Fact]
    public void EveryFaultIsNamed()
    {
        GenerateColumn articles = new(SmallModels.Articles);
        Refused("Generate.Rows must be at least 1, but is 0", new() { Rows = 0 }, articles);
        Refused("Generate.MaxTries must be at least 1", new() { MaxTries = 0 }, articles);
        Refused("Generate.Rows is 101, but 'AX-[0-9]{2}-A' has only 100 different texts", new() { Rows = 101, Unique = true },
            Pattern("AX-[0-9]{2}-A"));
        Refused("Sampling.Pattern 'AXΩ' can't be matched: the model's vocabulary has no character for 'Ω'", new(), Pattern("AXΩ"));
        Refused("'AX-[0-9]{40}' needs at least 43 characters, but Sampling.MaxLength is 24", new(), Pattern("AX-[0-9]{40}"));
        Refused("Sampling.Pattern '(?=A)' ", new(), Pattern("(?=A)"));
        Refused("Beams must be 1", new(), new GenerateColumn(SmallModels.Articles) { Sampling = new() { Beams = 3 } });
        Refused("New of the column 'Text' needs a model that knows its training text", new(),
            new GenerateColumn(Unfiltered.Value) { New = true });
        Refused("Prompts of the column 'Text' must be given: its model was trained on pairs", new(), new GenerateColumn(SmallModels.Pairs));
        Refused("the model does not know the condition 'fr'. It knows 'it', 'de', 'es'", new(),
            new GenerateColumn(SmallModels.Names) { ConditionWeights = ConditionWeights.Only("fr") });
        Refused("It was trained without conditions", new(),
            new GenerateColumn(SmallModels.Articles) { ConditionWeights = ConditionWeights.Only("fr") });
        Refused("of 'it' is -1", new(),
            new GenerateColumn(SmallModels.Names) { ConditionWeights = ConditionWeights.Given(
            new Dictionary<string, double> { ["it"] = -1 }) });
        Refused("ConditionColumn is 'Land', but no column before 'Name' has this name", new(), articles,
            new GenerateColumn(SmallModels.Names, "Name") { ConditionColumn = "Land" });
        Refused("is 'Text' twice", new(), articles, new GenerateColumn(SmallModels.Names));
        Assert.Equal(100, new RowGenerator(new() { Rows = 100, Unique = true, MaxTries = 100_000, MaxRepeatShare = 1 },
            Pattern("AX-[0-9]{2}-A")).Rows().Select(row => row.Text).Distinct().Count());

        static GenerateColumn Pattern(string pattern) => new(SmallModels.Articles) { Sampling = new()
        {
            Pattern = pattern,
            MaxLength = 24
        } };

        static void Refused(string message, GenerateOptions options, params GenerateColumn[] columns) =>
            Assert.Contains(message, Assert.Throws<OptionsException>(() => new RowGenerator(options, columns)).Message,
            StringComparison.Ordinal);
    }

    private static readonly Lazy<RnnLanguageModel> Unfiltered = new(() =>
    {
        var options = new LanguageModelOptions { Model = { HiddenSize = 4 }, Data = { Mode = DataMode.Rows }, Training = { MaxSteps = 1 } };
        return RnnLanguageModel.Train(SmallModels.ArticleRows.Select(TextRow.Row), options);
    });

    private static string Show(GeneratedRow row) => $"{row.Number} {row.IsMissing} {row.Rejected} {string.Join('|', row.Values)}";
}
