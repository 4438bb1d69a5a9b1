using RnnLm.Tests.Training;

namespace RnnLm.Tests;

/// <summary>What is asked for without a condition, by null or by an empty text.</summary>
public sealed class ConditionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnEmptyConditionIsNoneUnlessTheModelHasOne(bool hasEmpty)
    {
        using RnnLanguageModel model = Train(hasEmpty ? "" : "b");
        var likeliest = new SamplingOptions { Temperature = 0, MaxLength = 40 };
        (object None, object Empty)[] answers =
        [
            (model.Score("order 1").LogProbability, model.Score("order 1", "").LogProbability),
            (model.ScoreAll(["order 1"]).Single().LogProbability, model.ScoreAll(["order 1"], "").Single().LogProbability),
            (model.ScoreAll([TextRow.Row("order 1")]).Single().LogProbability,
                model.ScoreAll([TextRow.Row("order 1", "")]).Single().LogProbability),
            (model.Evaluate([TextRow.Row("order 1")]).LogProbability, model.Evaluate([TextRow.Row("order 1", "")]).LogProbability),
            (model.Encode("order 1"), model.Encode("order 1", condition: "")),
            (model.Generate("", likeliest), model.Generate("", likeliest, "")),
            (model.GenerateAll([""], likeliest).Single()[0].Text, model.GenerateAll([""], likeliest, "").Single()[0].Text),
            (Written(model.StartSession(likeliest)), Written(model.StartSession(likeliest, ""))),
            (model.Suggest("or")[0].Probability, model.Suggest("or", condition: "")[0].Probability),
        ];

        // The likeliest text can be the same from two states that differ.
        Assert.All(answers.Where(answer => !hasEmpty || answer.None is not string), answer => Assert.Equal(!hasEmpty,
            answer.None is float[] none ? none.SequenceEqual((float[])answer.Empty) : answer.None.Equals(answer.Empty)));
        Assert.Throws<ArgumentOutOfRangeException>("condition", () => model.Score("order 1", " "));
    }

    [Fact]
    public void AModelWithoutConditionsTakesAnEmptyOne()
    {
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, Options());
        Assert.Equal(model.Score("order 1").LogProbability, model.Score("order 1", "").LogProbability);
    }

    private static string Written(GenerationSession session)
    {
        using (session)
            return session.Generate().Text;
    }

    private static LanguageModelOptions Options()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        options.Training.MaxSteps = 40;
        return options;
    }

    private static RnnLanguageModel Train(string second) => RnnLanguageModel.Train(
        TinyTraining.Lines.Select((line, i) => i % 2 == 0 ? TextRow.Row(line, "a") : TextRow.Row("x" + line, second)), Options());
}
