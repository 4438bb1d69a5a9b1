using RnnLm.Cli.Commands;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Tests;

public sealed class OptionTests
{
    [Theory]
    [InlineData("HiddenSize", "hidden-size")]
    [InlineData("ZeroEachEpoch", "zero-each-epoch")]
    [InlineData("TorchSharp", "torchsharp")]
    [InlineData("AdamW", "adamw")]
    public void NamesAreWrittenInLowerCaseAndHyphens(string name, string expected)
    {
        Assert.Equal(expected, OptionName.Of(name));
        Assert.True(OptionName.AreSame(name, expected));
    }

    [Theory]
    [InlineData("--temprature", "--temperature")]
    [InlineData("--temp", "--temperature")]
    [InlineData("--sed", "--seed")]
    [InlineData("--nothing-like-it", null)]
    public void TheNearestNameIsFound(string typed, string? nearest) =>
        Assert.Equal(nearest, OptionName.Nearest(typed, ["--temperature", "--seed", "--top-k"]));

    [Theory]
    [InlineData(typeof(int), "-3", -3)]
    [InlineData(typeof(long), "5000000000", 5_000_000_000L)]
    [InlineData(typeof(double), "2e-3", 0.002)]
    [InlineData(typeof(CellType), "LSTM", CellType.Lstm)]
    [InlineData(typeof(EngineKind), "torch-sharp", EngineKind.TorchSharp)]
    public void ValuesAreRead(Type type, string text, object expected)
    {
        Assert.True(OptionValue.TryRead(type, text, out object? value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(typeof(int), "3.5", "not a whole number.")]
    [InlineData(typeof(int), "5000000000", "not a whole number in the range")]
    [InlineData(typeof(double), "two", "not a number")]
    [InlineData(typeof(CellType), "transformer", "not one of rnn, lstm, gru")]
    public void WhatIsNoValueIsRefused(Type type, string text, string fault)
    {
        Assert.False(OptionValue.TryRead(type, text, out _, out string? said));
        Assert.Contains(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryOptionOfTheLibraryIsAnOptionOfTheCommand()
    {
        (Type Type, string[] Elsewhere)[] groups =
        [
            (typeof(LanguageModelNetworkOptions), []),
            (typeof(VocabularyOptions), []),
            (typeof(LanguageModelDataOptions), ["RowSeparator"]), // Files are read as they are.
            (typeof(OptimizerOptions), []),
            (typeof(LanguageModelTrainingOptions), ["Progress", "Log", "CancellationToken", "OnCancel"]),
            (typeof(DeviceOptions), []),
            (typeof(ClassifierOptions), []),
        ];
        string[] expected = [.. groups.SelectMany(g => g.Type.GetProperties().Where(p => p.SetMethod is { IsPublic: true })
            .Select(p => p.Name).Except(g.Elsewhere))];

        string[] there = [.. new TrainCommand().Groups.SelectMany(g => g.Names.Keys).Where(id => id.Group is not ("" or "Source"))
            .Select(id => id.Property)];

        Assert.Equal(expected.Order(), there.Order());
        string[] sampling = [.. typeof(SamplingOptions).GetProperties().Where(p => p.SetMethod is { IsPublic: true }).Select(p => p.Name)
            .Except(["IncludePrompt"])];
        Assert.Equal(sampling.Order(), SamplingOptionGroup.Create().Names.Keys.Select(id => id.Property).Order());
    }

    [Theory]
    [InlineData(@"\n", "\n")]
    [InlineData(@"a\tb\\", "a\tb\\")]
    [InlineData(@"\u00e9", "é")]
    public void EscapesAreReadAsInCSharp(string text, string expected) => Assert.Equal(expected, Escapes.Read(text));

    [Fact]
    public void AnUnknownEscapeIsRefused() => Assert.Throws<UsageException>(() => Escapes.Read(@"\q"));
}
