using System.Text;
using RnnLm.Text;

namespace RnnLm.Tests.Text;

public class CharVocabularyTests
{
    [Fact]
    public void SpecialTokensComeFirstThenCharactersByCodePoint()
    {
        var vocabulary = new CharVocabulary("ba€a".EnumerateRunes().ToArray(), UnknownCharacterPolicy.Token, startAndEnd: true);

        Assert.Equal((0, 1, 2), (vocabulary.UnknownId, vocabulary.StartId, vocabulary.EndId));
        Assert.Equal(6, vocabulary.Size);
        Assert.Equal([3, 4, 5], vocabulary.Encode("ab€"));
        Assert.True(vocabulary.IsSpecial(2));
        Assert.False(vocabulary.IsSpecial(3));
    }

    [Fact]
    public void WithoutSpecialTokensIdsAreTheCharactersAlone()
    {
        var vocabulary = new CharVocabulary("hello".EnumerateRunes().ToArray(), UnknownCharacterPolicy.Skip);

        Assert.Null(vocabulary.UnknownId);
        Assert.Null(vocabulary.StartId);
        Assert.Equal(4, vocabulary.Size);
        Assert.Equal("hello", vocabulary.Decode(vocabulary.Encode("hello")));
    }

    [Fact]
    public void SurrogatePairsAreOneCharacterAndUnpairedOnesReadAsReplacement()
    {
        var vocabulary = new CharVocabulary("a😀".EnumerateRunes().ToArray());

        int[] ids = vocabulary.Encode("😀a\uD83D", out int unknown);

        Assert.Equal(3, ids.Length);
        Assert.Equal(1, unknown);
        Assert.Equal("😀a\uFFFD", vocabulary.Decode(ids));
    }

    [Fact]
    public void UnknownCharactersFollowThePolicy()
    {
        Rune[] known = "ab".EnumerateRunes().ToArray();

        Assert.Equal([1, 0, 2], new CharVocabulary(known).Encode("axb"));
        Assert.Equal([0, 1], new CharVocabulary(known, UnknownCharacterPolicy.Skip).Encode("axb", out int left));
        Assert.Equal(1, left);
        ArgumentException fault =
            Assert.Throws<ArgumentException>(() => new CharVocabulary(known, UnknownCharacterPolicy.Throw).Encode("axb"));
        Assert.Contains("'x' (U+0078) at position 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoCharactersIsAnError() =>
        Assert.Throws<ArgumentException>(() => new CharVocabulary([]));
}
