using System.Text.RegularExpressions;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Numerics;
using RnnLm.Text;

namespace RnnLm.Tests.Generation;

/// <summary>Texts that are written anew until they are valid.</summary>
public class ValidatedTextTests
{
    private static readonly CharVocabulary Vocabulary = new("0123456789".EnumerateRunes(), UnknownCharacterPolicy.Token, startAndEnd: true);

    private static readonly TextFraming Framing = new(Vocabulary, DataMode.Rows);

    [Fact]
    public void EveryTextIsValidAndTheFirstTryIsTheTextWithoutAValidator()
    {
        var options = new SamplingOptions { Seed = 3, Pattern = "[0-9]{8}" };
        GenerationResult[] results = Write(options, CheckDigits.Ean, 200, 16, 100);
        GenerationResult[] free = [.. new TextGenerator(Model(), Framing, options, 16).Generate(Requests(100))];

        Assert.All(results, result => Assert.True(CheckDigits.Ean(Assert.Single(result.Samples).Text)));
        // One in ten has the right check digit.
        Assert.InRange(results.Average(result => result.Tries), 6, 15);
        for (int i = 0; i < 100; i++)
        {
            bool first = CheckDigits.Ean(free[i].Samples[0].Text);
            Assert.Equal(first, results[i].Tries == 1);
            if (first)
                Assert.Equal(free[i].Samples[0], results[i].Samples[0]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void ARowWhoseTriesAreUsedUpHasNoText(int maxTries)
    {
        var options = new SamplingOptions { Seed = 3, Pattern = "[0-9]{8}" };
        GenerationResult[] results = Write(options, CheckDigits.Ean, maxTries, 8, 200),
            enough = Write(options, CheckDigits.Ean, 1000, 8, 200);

        Assert.Contains(results, result => result.Samples.Count == 0);
        Assert.Contains(results, result => result.Samples.Count == 1);
        for (int i = 0; i < results.Length; i++)
        {
            Assert.Equal(Math.Min(maxTries, enough[i].Tries), results[i].Tries);
            Assert.Equal(enough[i].Tries <= maxTries ? enough[i].Samples : [], results[i].Samples);
        }
    }

    /// <summary>Each try begins where the prompt ends, as if it were the only one.</summary>
    [Fact]
    public void TheTriesOfARowAreTheSamplesThatItWouldHave()
    {
        var options = new SamplingOptions { Seed = 8, MaxLength = 12, RepetitionPenalty = 1.5, NoRepeatNgram = 2 };
        GenerationResult[] tried = Write(options, CheckDigits.Luhn, 20, 8, 60);
        options.NumSamples = 20;
        GenerationResult[] samples = [.. new TextGenerator(Model(), Framing, options, 8).Generate(Requests(60))];

        for (int i = 0; i < 60; i++)
            Assert.Equal(samples[i].Samples.Where(sample => CheckDigits.Luhn(sample.Text)).Take(1), tried[i].Samples);
    }

    [Fact]
    public void ResultsDoNotDependOnTheBatchSize()
    {
        var options = new SamplingOptions { Seed = 8, MaxLength = 12, RepetitionPenalty = 1.1, NoRepeatNgram = 3, IncludePrompt = true };
        string[] Run(int batchSize) => [.. Write(options, CheckDigits.Luhn, 30, batchSize, 150)
            .Select(result => $"{result.Tries} {string.Join('|', result.Samples)}")];
        string[] one = Run(1);

        foreach (int batchSize in new[] { 2, 7, 64, 1000 })
            Assert.Equal(one, Run(batchSize));
    }

    /// <summary>Of the texts of the model, those that match, in the proportions that they have among them: what a pattern alone does not
    /// give.</summary>
    [Fact]
    public void TextsHaveTheModelsDistributionGivenThatTheyAreValid()
    {
        // After 1 comes 3 seldom, after 2 always; then the end.
        // start 0, end 1, then 1, 2, 3
        CharVocabulary vocabulary = new("123".EnumerateRunes(), UnknownCharacterPolicy.Skip, startAndEnd: true);
        double[] next(int last) =>
            last switch { 0 => [0, 0, 0.5, 0.5, 0], 2 => [0, 0.8, 0, 0, 0.2], 3 => [0, 0, 0, 0, 1], _ => [0, 1, 0, 0, 0] };
        var model = new ContextModel(5, 1, context => [.. next(context[0]).Select(p => p == 0 ? -50f : (float)Math.Log(p))]);
        var framing = new TextFraming(vocabulary, DataMode.Rows);
        var options = new SamplingOptions { Seed = 2 };

        var generator = new TextGenerator(model, framing, options, 64,
            new TextValidator(new Regex("^.3$", RegexOptions.NonBacktracking).IsMatch, 1000));
        GenerationRequest[] requests = [.. Enumerable.Range(0, 20_000).Select(row => new GenerationRequest(default, (ulong)row))];
        string[] texts = [.. generator.Generate(requests).Select(result => result.Samples[0].Text)];
        options.Pattern = ".3";
        string[] stepwise = [.. new TextGenerator(model, framing, options, 64).Generate(requests).Select(result => result.Samples[0].Text)];

        Assert.InRange(ChiSquare.Excess([texts.Count(text => text == "13"), texts.Count(text => text == "23")], [0.1 / 0.6, 0.5 / 0.6]), 0,
            1);
        Assert.InRange(ChiSquare.Excess([stepwise.Count(text => text == "13"), stepwise.Count(text => text == "23")], [0.5, 0.5]), 0, 1);
    }

    [Fact]
    public void WhatIsNotDrawnIsTriedOnce()
    {
        foreach (SamplingOptions options in new SamplingOptions[] { new() { Temperature = 0 }, new() { MaxLength = 0 } })
        {
            GenerationResult[] results = Write(options, _ => false, 50, 4, 10);
            Assert.All(results, result => Assert.Equal((0, 1), (result.Samples.Count, result.Tries)));
        }
    }

    [Fact]
    public void AValidatorThatThrowsNamesTextAndRow()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Write(
            new SamplingOptions { Pattern = "7{3}" }, text => throw new FormatException("no such register"), 5, 4, 3));
        Assert.Matches("^The validator failed on '777', written for the row with key [0-2]: no such register$", e.Message);
        Assert.IsType<FormatException>(e.InnerException);
    }

    [Fact]
    public void SamplesAndBeamsAreRefused()
    {
        var e = Assert.Throws<OptionsException>(() => Write(new SamplingOptions { Beams = 2, NumSamples = 2 }, _ => true, 5, 4, 1));
        Assert.Equal(["Beams", "NumSamples"], e.Faults.Select(fault => fault.Property));
    }

    private static GenerationResult[] Write(SamplingOptions options, Func<string, bool> isValid, int maxTries, int batchSize, int rows) =>
        [.. new TextGenerator(Model(), Framing, options, batchSize, new TextValidator(isValid, maxTries)).Generate(Requests(rows))];

    private static IEnumerable<GenerationRequest> Requests(int count) =>
        Enumerable.Range(0, count).Select(row => new GenerationRequest("0123".AsMemory(row % 4), (ulong)row));

    private static ContextModel Model() => new(Vocabulary.Size, 1, context =>
    {
        var random = new CounterRandom((ulong)(context[0] + 1), 0, 1);
        return [.. Enumerable.Range(0, Vocabulary.Size).Select(_ => (float)random.NextNormal())];
    });
}
