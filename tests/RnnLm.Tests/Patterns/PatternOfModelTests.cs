using RnnLm.Tests.DataSets;

namespace RnnLm.Tests.Patterns;

/// <summary>Patterns that are kept with a model, and those that are saved with it.</summary>
public class PatternOfModelTests
{
    [Fact]
    public void APatternIsCompiledOnce()
    {
        var options = new SamplingOptions { Pattern = "(AX|BK)-([0-9]{1,60}-?){1,4}[A-D]", Seed = 1, MaxLength = 24 };
        SmallModels.Articles.Generate("", new SamplingOptions { Pattern = "AX-[0-9]{2}", Seed = 1 });

        long first = Allocated(), second = Allocated();

        Assert.True(second < first / 5, $"{second:N0} bytes after {first:N0}");

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            SmallModels.Articles.Generate("", options);
            using GenerationSession session = SmallModels.Articles.StartSession(options);
            session.Generate();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [InlineData("AX-Ω+", "can't be matched: the model's vocabulary has no character for 'Ω'.")]
    [InlineData("[0-9]{30}", "needs at least 30 characters, but Sampling.MaxLength is 24.")]
    [InlineData("(a|b)*a(a|b){20}", "needs more than 50,000 states, because")]
    public void ATrainingRefusesAPatternThatItsModelCouldNotWriteBy(string pattern, string fault)
    {
        int steps = 0;
        var options = new LanguageModelOptions
        {
            Model = { HiddenSize = 4 },
            Data = { Mode = DataMode.Rows },
            Training = { MaxSteps = 2, Progress = new Progress(() => steps++) },
            Sampling = { Pattern = pattern, MaxLength = 24 },
        };
        TextRow[] rows = [.. SmallModels.ArticleRows.Append("ab").Select(TextRow.Row)];

        var e = Assert.Throws<OptionsException>(() => RnnLanguageModel.Train(rows, options));

        Assert.StartsWith($"Sampling.Pattern '{pattern}' {fault}", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, steps);
        // With the prompt, whose characters the model need not know, it may match.
        options.Sampling.PatternIncludesPrompt = true;
        RnnLanguageModel.Train(rows, options).Dispose();
    }

    private sealed class Progress(Action report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report();
    }
}
