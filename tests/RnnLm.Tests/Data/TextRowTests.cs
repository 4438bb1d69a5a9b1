namespace RnnLm.Tests;

public sealed class TextRowTests
{
    [Fact]
    public void ARowHasNoTargetAndAPairMayHaveAnEmptyOne()
    {
        TextRow row = TextRow.Row("Anna", "Czech"), pair = TextRow.Pair("1+1=?", "");

        Assert.Equal((false, "Anna", "", "Czech"), (row.IsPair, row.Text.ToString(), row.Target.ToString(), row.Condition));
        Assert.Equal((true, "1+1=?", "", null), (pair.IsPair, pair.Text.ToString(), pair.Target.ToString(), pair.Condition));
        Assert.NotEqual(TextRow.Row("1+1=?"), pair);
        Assert.Throws<ArgumentNullException>(() => TextRow.Pair("1+1=?", null!));
        Assert.Throws<ArgumentNullException>(() => TextRow.Row((string)null!));
        Assert.Throws<ArgumentNullException>(() => (TextRow)(string)null!);
    }

    [Fact]
    public void RowsAreEqualByTheirCharacters()
    {
        TextRow a = TextRow.Pair("in", "out", "x"), b = TextRow.Pair("-in".AsMemory(1), "out-".AsMemory(0, 3), "x");

        Assert.True(a == b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.True(a != TextRow.Pair("in", "out"));
        Assert.Equal("[x] in → out", a.ToString());
        Assert.Equal(["a", "b"], new[] { "a", "b" }.Select(TextRow.Row));
    }
}
