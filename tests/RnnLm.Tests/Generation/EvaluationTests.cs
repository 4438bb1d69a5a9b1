using RnnLm.Lanes;
using RnnLm.Runtime;
using RnnLm.Scoring;
using RnnLm.Text;

namespace RnnLm.Tests.Generation;

/// <summary>Holds scores and evaluations to PyTorch's, and to each other.</summary>
public class EvaluationTests
{
    public static TheoryData<string> Models => PyTorchFigures.LanguageModelNames;

    [Theory]
    [MemberData(nameof(Models))]
    public void EachRowHasPyTorchsFigures(string name)
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels.Single(model => model.Name == name);
        using RnnLanguageModel model = fixture.ToModel();

        TextScore[] scores = [.. model.ScoreAll(fixture.Rows.Select(row => row.ToRow()))];

        Assert.Equal(fixture.Rows.Length, scores.Length);
        foreach ((PyTorchFigures.RowFigures row, TextScore score) in fixture.Rows.Zip(scores))
        {
            PyTorchFigures.AssertClose(row.Figures, score.Evaluation);
            if (row.Target is null)
                PyTorchFigures.AssertClose(row.Figures, model.Score(row.Text, row.Condition).Evaluation);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TheWholeHasPyTorchsFigures(string name)
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels.Single(model => model.Name == name);
        using RnnLanguageModel model = fixture.ToModel();

        TextEvaluation evaluation = model.Evaluate(fixture.Rows.Select(row => row.ToRow()));

        PyTorchFigures.AssertClose(fixture.Total, evaluation);
        TextEvaluation total = fixture.Total;
        Assert.Equal(-total.LogProbability / total.Count, evaluation.NatsPerCharacter, 1e-6);
        Assert.Equal(-total.LogProbability / total.Count / Math.Log(2), evaluation.BitsPerCharacter, 1e-6);
        Assert.Equal(Math.Exp(-total.LogProbability / total.Count), evaluation.Perplexity, 1e-3);
        Assert.Equal(-total.KnownLogProbability / total.KnownBytes / Math.Log(2), evaluation.BitsPerByte, 1e-6);
        Assert.Equal(Math.Exp(-total.KnownLogProbability / total.KnownCount), evaluation.KnownPerplexity, 1e-3);
        Assert.Equal(total.UnknownCharacters / (double)(total.KnownCount + total.UnknownCharacters), evaluation.UnknownShare, 12);
    }

    [Fact]
    public void BytesAreThoseOfUTF8AndAnEndIsOne()
    {
        var vocabulary = new CharVocabulary("aé世😀".EnumerateRunes(), startAndEnd: true);
        var model = new ContextModel(vocabulary.Size, 1, _ => new float[vocabulary.Size]);

        TextEvaluation evaluation =
            new TextScorer(model, new TextFraming(vocabulary, DataMode.Rows), 1).Score(new ScoreRequest("aé世😀?".AsMemory())).Evaluation;

        Assert.Equal((6, 1, 5, 1 + 2 + 3 + 4 + 1),
            (evaluation.Count, evaluation.UnknownCharacters, evaluation.KnownCount, evaluation.KnownBytes));
        // All tokens are as likely.
        Assert.Equal(5 * Math.Log2(vocabulary.Size) / 11, evaluation.BitsPerByte, 6);
        Assert.Equal(vocabulary.Size, evaluation.KnownPerplexity, 4);
        Assert.Equal(1 / 6.0, evaluation.UnknownShare, 12);
    }

    [Theory]
    [InlineData("running text, unknown token")]
    [InlineData("running text, unknown left out")]
    public void ALongRunningTextIsCountedAsOneWhereverItIsCut(string name)
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels.Single(model => model.Name == name);
        using RnnLanguageModel model = fixture.ToModel();
        // Stretches of unknown characters longer than any context, surrogate pairs, and pieces of uneven length.
        string text = string.Concat(Enumerable.Repeat(fixture.Rows[0].Text, 80)) + "a" + new string('—', 20_001)
            + string.Concat(Enumerable.Repeat("b😀", 10_000)) + fixture.Rows[0].Text;

        TextEvaluation evaluation = model.Evaluate([text[..12_345], text[12_345..]], separator: "", default);

        PyTorchFigures.AssertClose(model.Score(text).Evaluation, evaluation);
    }

    [Fact]
    public void RowsOfARunningTextStandApartAsInTraining()
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels[0];
        using RnnLanguageModel model = new(new LoadedModel(fixture.ToSaved() with { RowSeparator = ", " }, new DeviceOptions()));

        PyTorchFigures.AssertClose(model.Score("the cat, , a dog").Evaluation, model.Evaluate(["the cat", "", "a dog"]));
    }

    [Fact]
    public void EmptyRowsAreLeftOutAsInTraining()
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels.Single(model => model.Name == "rows");
        using RnnLanguageModel model = fixture.ToModel();

        PyTorchFigures.AssertClose(model.Score("Anna").Evaluation, model.Evaluate(["", "Anna", ""]));
        Assert.Equal((0, double.NaN), (model.Evaluate([""]).Count, model.Evaluate([""]).Perplexity));
    }

    [Fact]
    public void ARowThatTheModelWouldReadInPartIsRefused()
    {
        using RnnLanguageModel rows = PyTorchFigures.LanguageModels.Single(model => model.Name == "rows").ToModel(),
            pairs = PyTorchFigures.LanguageModels.Single(model => model.Name == "pairs").ToModel(),
            stream = PyTorchFigures.LanguageModels[0].ToModel();

        Assert.Contains("Row 2: there is a pair",
            Assert.Throws<TextDataException>(() => rows.Evaluate(["Anna", TextRow.Pair("a", "b")])).Message, StringComparison.Ordinal);
        Assert.Contains("Row 1: there is no target",
            Assert.Throws<TextDataException>(() => pairs.ScoreAll([TextRow.Row("1")]).ToList()).Message, StringComparison.Ordinal);
        Assert.Contains("Row 1: the model does not know the condition 'b'. It was trained without",
            Assert.Throws<TextDataException>(() => stream.ScoreAll([TextRow.Row("a", "b")]).ToList()).Message, StringComparison.Ordinal);
        Assert.Contains("Row 1: there is a pair", Assert.Throws<TextDataException>(() => stream.Evaluate([TextRow.Pair("a", "b")])).Message,
            StringComparison.Ordinal);
        Assert.Contains("Row 2: the model does not know the condition 'x'",
            Assert.Throws<TextDataException>(() => rows.Evaluate(["a", TextRow.Row("a", "x")])).Message, StringComparison.Ordinal);
    }
}
