using RnnLm.Tests.Training;

namespace RnnLm.Tests;

/// <summary>Where one of many texts is at fault, the message says which.</summary>
public sealed class BatchFaultTests : IDisposable
{
    private static readonly string[] Texts = ["order 1000", "was paid", "on z friday", "z"];

    private readonly RnnLanguageModel _strict;
    private readonly RnnTextClassifier _classifier;

    public BatchFaultTests()
    {
        LanguageModelOptions options = TinyTraining.Options(DataMode.Rows);
        (options.Vocabulary.UnknownCharacters, options.Training.MaxSteps) = (UnknownCharacterPolicy.Throw, 2);
        _strict = RnnLanguageModel.Train(TinyTraining.Rows, options);
        _classifier = RnnTextClassifier.Train(TinyTraining.Lines.Select((line, i) => new LabelledText(line, $"{i % 2}")),
            new()
            {
                Vocabulary = { UnknownCharacters = UnknownCharacterPolicy.Throw },
                Model = { HiddenSize = 4 },
                Data = { MaxRowLength = 30 },
                Training = { Epochs = 0, MaxSteps = 2, Seed = 1 },
                Device = { Engine = EngineKind.Managed },
            });
    }

    public static TheoryData<string> Batches => ["ScoreAll", "GenerateAll", "GenerateValid", "ClassifyAll"];

    public void Dispose()
    {
        _strict.Dispose();
        _classifier.Dispose();
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void ATextIsNamedByItsIndex(string method)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Ask(method, Texts));
        Assert.StartsWith("The text at index 2: character 'z' (U+007A) at position 3 is not in the vocabulary. Remove it,", fault.Message,
            StringComparison.Ordinal);
        Assert.StartsWith("The text at index 1 is null.", Assert.Throws<ArgumentNullException>(() => Ask(method, ["order", null!])).Message,
            StringComparison.Ordinal);
        Ask(method, Texts[..2]);
    }

    /// <summary>One text needs no number.</summary>
    [Fact]
    public void OneTextIsNotNumbered()
    {
        Action[] asks = [() => _strict.Score("az"), () => _strict.Generate("az"), () => _strict.Encode("az"),
            () => _classifier.Classify("az")];
        Assert.All(asks, ask => Assert.StartsWith("Character 'z' (U+007A) at position 1", Assert.Throws<ArgumentException>(ask).Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public void ARowIsNamedByItsNumber()
    {
        IEnumerable<TextRow> rows = Texts.Select(TextRow.Row);
        Action[] asks = [() => Assert.NotEmpty(_strict.ScoreAll(rows)), () => _strict.Evaluate(rows), () => _strict.Calibrate(rows)];
        Assert.All(asks, ask =>
        {
            TextDataException fault = Assert.Throws<TextDataException>(ask);
            Assert.StartsWith("Row 3: character 'z' (U+007A) at position 3 is not in the vocabulary.", fault.Message,
                StringComparison.Ordinal);
            Assert.Equal(3, fault.Line);
        });
    }

    /// <summary>A file of the other kind is named.</summary>
    [Fact]
    public void AFileOfTheOtherKindIsNamed()
    {
        using var folder = new TempFolder();
        _classifier.Save(folder["c.zip"]);
        _strict.Save(folder["m.zip"]);
        Assert.StartsWith($"'{folder["c.zip"]}' holds a text classifier, not a language model.",
            Assert.Throws<FormatException>(() => RnnLanguageModel.Load(folder["c.zip"])).Message, StringComparison.Ordinal);
        Assert.StartsWith($"'{folder["m.zip"]}' holds a language model, not a text classifier.",
            Assert.Throws<FormatException>(() => RnnTextClassifier.Load(folder["m.zip"])).Message, StringComparison.Ordinal);
    }

    /// <summary>What a classifier does not read is not refused.</summary>
    [Fact]
    public void OnlyWhatIsReadIsLookedAt() =>
        Assert.Equal(_classifier.Classify(TinyTraining.Lines[0]).Probabilities,
            _classifier.ClassifyAll([TinyTraining.Lines[0][..30] + "z"]).Single().Probabilities);

    private void Ask(string method, string[] texts) => _ = method switch
    {
        "ScoreAll" => _strict.ScoreAll(texts).Count(),
        "GenerateAll" => _strict.GenerateAll(texts, new() { MaxLength = 1 }).Count(),
        "GenerateValid" => _strict.GenerateValid(texts, _ => true, options: new() { MaxLength = 1 }).Count(),
        _ => _classifier.ClassifyAll(texts).Count(),
    };
}
