using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Tests.Terminal;

/// <summary>Small probabilities stay apart.</summary>
public sealed class SignificantDigitsTests
{
    [Theory]
    [InlineData(0, "0.0000")]
    [InlineData(1, "1.0000")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(0.5, "0.5000")]
    [InlineData(0.1, "0.1000")]
    [InlineData(0.0994, "0.09940")]
    [InlineData(0.01, "0.01000")]
    [InlineData(0.000123456, "0.0001235")]
    [InlineData(0.0000123456, "1.235E-05")]
    [InlineData(1.25e-110, "1.250E-110")]
    public void FourAreWritten(double probability, string expected) => Assert.Equal(expected, SignificantDigits.Of(probability));
}
