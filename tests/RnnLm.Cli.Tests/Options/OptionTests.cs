namespace RnnLm.Cli.Tests;

public sealed class OptionTests
{
    [Theory]
    [InlineData("HiddenSize", "hidden-size")]
    [InlineData("ZeroEachEpoch", "zero-each-epoch")]
    [InlineData("TorchSharp", "torchsharp")]
    [InlineData("AdamW", "adamw")]
    public void Names_are_written_in_lower_case_and_hyphens(string name, string expected)
    {
        Assert.Equal(expected, OptionName.Of(name));
        Assert.True(OptionName.AreSame(name, expected));
    }

    [Theory]
    [InlineData("--temprature", "--temperature")]
    [InlineData("--temp", "--temperature")]
    [InlineData("--sed", "--seed")]
    [InlineData("--nothing-like-it", null)]
    public void The_nearest_name_is_found(string typed, string? nearest) =>
        Assert.Equal(nearest, OptionName.Nearest(typed, ["--temperature", "--seed", "--top-k"]));

    [Theory]
    [InlineData(typeof(int), "-3", -3)]
    [InlineData(typeof(long), "5000000000", 5_000_000_000L)]
    [InlineData(typeof(double), "2e-3", 0.002)]
    [InlineData(typeof(CellType), "LSTM", CellType.Lstm)]
    [InlineData(typeof(EngineKind), "torch-sharp", EngineKind.TorchSharp)]
    public void Values_are_read(Type type, string text, object expected)
    {
        Assert.True(OptionValue.TryRead(type, text, out object? value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(typeof(int), "3.5", "not a whole number.")]
    [InlineData(typeof(int), "5000000000", "not a whole number in the range")]
    [InlineData(typeof(double), "two", "not a number")]
    [InlineData(typeof(CellType), "transformer", "not one of rnn, lstm, gru")]
    public void What_is_no_value_is_refused(Type type, string text, string fault)
    {
        Assert.False(OptionValue.TryRead(type, text, out _, out string? said));
        Assert.Contains(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_the_library_is_an_option_of_the_command()
    {
        (Type Type, string[] Elsewhere)[] groups =
        [
            (typeof(ModelOptions), []),
            (typeof(VocabularyOptions), []),
            (typeof(DataOptions), ["RowSeparator"]), // Files are read as they are.
            (typeof(OptimizerOptions), []),
            (typeof(TrainingOptions), ["Progress", "Log", "CancellationToken", "OnCancel"]),
            (typeof(DeviceOptions), []),
            (typeof(ClassifierOptions), []),
        ];
        string[] expected = [.. groups.SelectMany(g => g.Type.GetProperties().Where(p => p.SetMethod is { IsPublic: true }).Select(p => p.Name).Except(g.Elsewhere))];

        string[] there = [.. new TrainCommand().Groups.SelectMany(g => g.NamesByProperty.Keys)];

        Assert.Equal(expected.Order(), there.Order());
        string[] sampling = [.. typeof(SamplingOptions).GetProperties().Where(p => p.SetMethod is { IsPublic: true }).Select(p => p.Name).Except(["IncludePrompt", "MaxLengthLimit"])];
        Assert.Equal(sampling.Order(), SamplingOptionGroup.Create().NamesByProperty.Keys.Order());
    }

    [Theory]
    [InlineData(@"\n", "\n")]
    [InlineData(@"a\tb\\", "a\tb\\")]
    [InlineData(@"\u00e9", "é")]
    public void Escapes_are_read_as_in_CSharp(string text, string expected) => Assert.Equal(expected, Escapes.Read(text));

    [Fact]
    public void An_unknown_escape_is_refused() => Assert.Throws<UsageException>(() => Escapes.Read(@"\q"));
}
