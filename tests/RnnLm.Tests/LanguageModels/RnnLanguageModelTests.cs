using RnnLm.Tests.Training;

namespace RnnLm.Tests;

public sealed class RnnLanguageModelTests : IDisposable
{
    private static readonly Lazy<RnnLanguageModel> Trained = new(() =>
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        (options.Training.MaxSteps, options.Sampling.Temperature, options.Sampling.MaxLength) = (120, 0.7, 60);
        options.Data.KeepTextFilter = true;
        return RnnLanguageModel.Train(TinyTraining.Rows, options);
    });

    private readonly string _folder = Directory.CreateTempSubdirectory("rnnlm-model").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ASavedModelWritesScoresAndEncodesToTheSameBits()
    {
        string path = Path.Combine(_folder, "model.zip");
        Trained.Value.Save(path);
        using RnnLanguageModel loaded = RnnLanguageModel.Load(path);

        Assert.Equal(Trained.Value.Generate("order 1"), loaded.Generate("order 1"));
        Assert.Equal(Trained.Value.Score("order 1234 was paid on friday.").LogProbability,
            loaded.Score("order 1234 was paid on friday.").LogProbability);
        Assert.Equal(Trained.Value.Encode("order"), loaded.Encode("order"));
        Assert.Equal((0.7, 60), (loaded.Sampling.Temperature, loaded.Sampling.MaxLength));
        Assert.Equal(Trained.Value.TrainingSummary!.ValidationLoss, loaded.TrainingSummary!.ValidationLoss);
    }

    [Fact]
    public void ATextThatIsNullIsRefusedWhereverItIsGiven()
    {
        RnnLanguageModel model = Trained.Value;
        using GenerationSession session = model.StartSession();
        string?[] texts = ["order", null];

        Assert.Throws<ArgumentNullException>("prompt", () => model.Generate(null!));
        Assert.Throws<ArgumentNullException>("prompt", () => model.GenerateAsync(null!));
        Assert.Throws<ArgumentNullException>("prompts", () => model.GenerateAll(texts!).Count());
        Assert.Throws<ArgumentNullException>("prompts", () => model.GenerateValid(texts!, _ => true).Count());
        Assert.Throws<ArgumentNullException>("text", () => model.Score(null!));
        Assert.Throws<ArgumentNullException>("texts", () => model.ScoreAll(texts!).Count());
        Assert.Throws<ArgumentNullException>("text", () => model.Encode(null!));
        Assert.Throws<ArgumentNullException>("text", () => session.Append((string)null!));
    }

    [Fact]
    public void TheCharactersAreThoseOfTheTrainingText()
    {
        Assert.Equal(string.Concat(TinyTraining.Rows.Select(row => row.Text.ToString())).EnumerateRunes().Distinct().Order(),
            Trained.Value.Characters);
    }

    [Theory]
    [InlineData(";", "start")]
    [InlineData("\n", "start")]
    public void ARunningTextBeginsAfterTheSeparatorOfItsTrainingAlsoWhenLoaded(string separator, string expected)
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Data.RowSeparator, options.Training.MaxSteps) = (separator, 200);
        (options.Sampling.Temperature, options.Sampling.MaxLength) = (0, 5);
        // A line feed stands within rows, where "other" follows it.
        string[] rows = separator == ";" ? ["start abc\nother def"] : ["start abc;other def"];
        using RnnLanguageModel model = RnnLanguageModel.Train(Enumerable.Repeat(rows[0], 300).Select(TextRow.Row), options);
        string path = Path.Combine(_folder, "model.zip");
        model.Save(path);
        using RnnLanguageModel loaded = RnnLanguageModel.Load(path);

        Assert.Equal(expected, model.Generate());
        Assert.Equal(expected, loaded.Generate());
        Assert.Equal("other", loaded.Generate(separator == ";" ? "\n" : ";"));
        using GenerationSession session = loaded.StartSession();
        Assert.Equal(expected, session.Generate().Text);
    }

    [Fact]
    public void TextsAreWrittenUntilTheyAreValid()
    {
        var options = new SamplingOptions { Pattern = " ?[0-9]{4}", Seed = 1 };
        string[] prompts = [.. Enumerable.Repeat("order", 40)];
        ValidatedText[] texts = [.. Trained.Value.GenerateValid(prompts, CheckDigits.Luhn, maxTries: 8, options)];

        Assert.Equal(40, texts.Length);
        Assert.All(texts, text =>
            Assert.True(text.Text is null ? text.Tries == 8 : CheckDigits.Luhn(text.Text.Text) && text.Tries is >= 1 and <= 8));
        Assert.Contains(texts, text => text.Text is null);
        Assert.Contains(texts, text => text is { Text: not null, Tries: > 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Trained.Value.GenerateValid(prompts, CheckDigits.Luhn, maxTries: 0));
        Assert.Throws<OptionsException>(() =>
            Trained.Value.GenerateValid(prompts, CheckDigits.Luhn, options: new SamplingOptions { Pattern = "(" }));
    }

    [Fact]
    public void BatchesAndSinglePromptsAndStreamsWriteTheSame()
    {
        var options = new SamplingOptions { Temperature = 0, MaxLength = 40 };
        string[] prompts = [.. Enumerable.Range(1000, 100).Select(i => $"order {i}")];

        string[] batched = [.. Trained.Value.GenerateAll(prompts, options).Select(samples => samples[0].Text)];

        Assert.Equal(prompts.Select(prompt => Trained.Value.Generate(prompt, options)), batched);
        Assert.Equal(batched[3], string.Concat(Trained.Value.GenerateAsync(prompts[3], options).ToBlockingEnumerable()));
    }

    [Fact]
    public void AStreamIsDrawnByTheOptionsGivenOrSaved()
    {
        var options = new SamplingOptions { Seed = 6, Temperature = 1.2, MaxLength = 33, TopP = 0.9 };

        Assert.Equal(Trained.Value.Generate("order", options),
            string.Concat(Trained.Value.GenerateAsync("order", options).ToBlockingEnumerable()));
        Assert.InRange(string.Concat(Trained.Value.GenerateAsync("order").ToBlockingEnumerable()).Length, 1, 60);
    }

    [Fact]
    public void AModelSaysWhetherATextOccursInItsTrainingData()
    {
        string path = Path.Combine(_folder, "model.zip");
        Trained.Value.Save(path);
        using RnnLanguageModel loaded = RnnLanguageModel.Load(path);
        string[] rows = [.. TinyTraining.Rows.Select(row => row.Text.ToString())];

        Assert.All(rows, row => Assert.True(loaded.TrainingText!.Contains(row.AsSpan(5), row.AsSpan(0, 5))));
        Assert.Equal(0, rows.Count(row => loaded.TrainingText!.Contains(row + "?")));
    }

    [Fact]
    public void TextsOfTheTrainingKindAreMoreUsualThanMalformedOnes()
    {
        Assert.True(Trained.Value.Score("order 4321 was sent on monday.").Perplexity < 3);
        Assert.True(Trained.Value.Score("order 4321 wsa snet on monday.").Perplexity > 2 * Trained.Value.Score("order 4321 was sent on "
            + "monday.").Perplexity);
    }

    [Fact]
    public void ADisposedModelSaysSo()
    {
        string path = Path.Combine(_folder, "model.zip");
        Trained.Value.Save(path);
        RnnLanguageModel model = RnnLanguageModel.Load(path);
        GenerationSession session = model.StartSession();
        model.Dispose();
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.Generate("order"));
        session.Append("order");
        session.Dispose();
    }

    [Fact]
    public void AFileOfAnotherKindIsRefusedByWhatItIs()
    {
        string path = Path.Combine(_folder, "model.zip");
        File.WriteAllText(path, "not a zip");

        Assert.Throws<FormatException>(() => RnnLanguageModel.Load(path));
        Assert.Throws<FileNotFoundException>(() => RnnLanguageModel.Load(Path.Combine(_folder, "none.zip")));
    }
}
