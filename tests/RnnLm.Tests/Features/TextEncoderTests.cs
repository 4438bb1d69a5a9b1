using RnnLm.Features;
using RnnLm.Lanes;
using RnnLm.Modeling;
using RnnLm.Tests.Generation;
using RnnLm.Text;

namespace RnnLm.Tests.Features;

public class TextEncoderTests
{
    // start 0, end 1, a 2, …
    private static readonly CharVocabulary Vocabulary = new("abcd".EnumerateRunes(), UnknownCharacterPolicy.Skip, startAndEnd: true);

    private static readonly TextFraming Rows = new(Vocabulary, DataMode.Rows);

    // The state is the last two tokens plus one: of "ab" (3, 4) after the start token's 1.
    private static readonly ContextModel Model = new(6, 2, _ => new float[6]);

    [Fact]
    public void LastMeanAndMaximumOfTheStatesAfterEachCharacter()
    {
        Assert.Equal([5f, 3f], Encode("abca", Pooling.Last));
        Assert.Equal([(1 + 3 + 4 + 5) / 4f, (3 + 4 + 5 + 3) / 4f], Encode("abca", Pooling.Mean));
        Assert.Equal([5f, 5f], Encode("abca", Pooling.Max));
    }

    [Theory]
    [InlineData(Pooling.Last)]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Max)]
    public void WithoutCharactersTheStateAfterTheFrameStandsForTheText(Pooling pooling)
    {
        Assert.Equal([0f, 1f], Encode("", pooling));
        Assert.Equal([0f, 1f], Encode("??", pooling));
        Assert.Equal([0f, 1f],
            new TextEncoder(Model, new TextFraming(Vocabulary, DataMode.Pairs), 1, pooling).Encode(new EncodeRequest(default)).Features);
        var stream = new CharVocabulary("a\n".EnumerateRunes());
        Assert.Equal([0f, 2f],
            new TextEncoder(Model, new TextFraming(stream, DataMode.Stream), 1, pooling).Encode(new EncodeRequest(default)).Features);
    }

    [Fact]
    public void OneLayerOrAllWithoutTheCell()
    {
        // Two LSTM layers of two units: h0 c0 h1 c1, and the state holds the last eight tokens plus one.
        var config = new ModelConfig { Cell = CellType.Lstm, VocabularySize = 6, HiddenSize = 2, Layers = 2 };
        var model = new ContextModel(6, 8, _ => new float[6]) { Config = config };
        EncodeRequest request = new("abcdabc".AsMemory());

        Assert.Equal([6f, 3f], new TextEncoder(model, Rows, 1).Encode(request).Features);
        Assert.Equal([1f, 3f, 6f, 3f], new TextEncoder(model, Rows, 1, allLayers: true).Encode(request).Features);
        Assert.Equal((2, 4), (new TextEncoder(model, Rows, 1).Length, new TextEncoder(model, Rows, 1, allLayers: true).Length));
    }

    [Fact]
    public void TheVectorsAreTheSameWhateverTheBatch()
    {
        EncodeRequest[] requests = [.. Enumerable.Range(0, 100).Select(i => new EncodeRequest("abcdabcdabcd".AsMemory(i % 7, i % 6)))];
        string[] Run(int batchSize) =>
            [.. new TextEncoder(Model, Rows, batchSize, Pooling.Mean).Encode(requests).Select(e => string.Join(' ', e.Features))];

        Assert.Equal(Run(1), Run(7));
        Assert.Equal(Run(1), Run(1000));
        Assert.Equal(1, new TextEncoder(Model, Rows, 1).Encode(new EncodeRequest("a?b".AsMemory())).UnknownCharacters);
    }

    private static float[] Encode(string text, Pooling pooling) =>
        new TextEncoder(Model, Rows, 1, pooling).Encode(new EncodeRequest(text.AsMemory())).Features;
}
