using RnnLm.Diagnostics;

namespace RnnLm.Tests.Drawing;

public class SamplingOptionsTests
{
    [Fact]
    public void TheDefaultsAreRight() => Check(new SamplingOptions());

    [Fact]
    public void AllFaultsComeInOneMessage()
    {
        var options = new SamplingOptions
        {
            Temperature = double.NaN,
            TopK = -1,
            TopP = 0,
            MinP = double.NaN,
            TypicalP = 1.5,
            RepetitionPenalty = double.PositiveInfinity,
            NoRepeatNgram = -2,
            Beams = 0,
            LengthPenalty = double.NegativeInfinity,
            MaxLength = -1,
            StopStrings = ["end", ""],
            NumSamples = 0,
            InitialState = InitialState.Learned,
        };

        string message = Assert.Throws<OptionsException>(() => Check(options)).Message;

        foreach (string name in new[] { "Temperature", "TopK", "TopP", "MinP", "TypicalP", "RepetitionPenalty", "NoRepeatNgram", "Beams",
            "LengthPenalty", "MaxLength", "StopStrings", "NumSamples", "InitialState" })
            Assert.Contains($"Sampling.{name} ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.1)]
    public void TemperatureMustBeFiniteAndNotNegative(double temperature) =>
        Assert.Throws<OptionsException>(() => Check(new SamplingOptions { Temperature = temperature }));

    [Fact]
    public void LengthsKeepTheirOrder()
    {
        Check(new SamplingOptions { MaxLength = 0 });
        Assert.Contains("MaxLengthLimit", Fault(new SamplingOptions { MaxLength = 100_001 }), StringComparison.Ordinal);
        Check(new SamplingOptions { MaxLength = 100_001, MaxLengthLimit = 200_000 });
        Assert.Contains("MinLength", Fault(new SamplingOptions { MaxLength = 5, MinLength = 6 }), StringComparison.Ordinal);
    }

    [Fact]
    public void NoMoreSamplesThanBeams()
    {
        Check(new SamplingOptions { Beams = 4, NumSamples = 4 });
        Assert.Contains("at most Sampling.Beams", Fault(new SamplingOptions { Beams = 4, NumSamples = 5 }), StringComparison.Ordinal);
    }

    [Fact]
    public void ACloneStandsByItself()
    {
        string[] stops = ["a"];
        var options = new SamplingOptions { StopStrings = stops, Seed = 3 };
        SamplingOptions clone = options.Clone();

        options.Seed = 4;
        stops[0] = "b";

        Assert.Equal(3, clone.Seed);
        Assert.Equal(["a"], clone.StopStrings);
    }

    private static string Fault(SamplingOptions options) => Assert.Throws<OptionsException>(() => Check(options)).Message;

    private static void Check(SamplingOptions options)
    {
        var faults = new OptionFaults();
        options.Check(faults);
        faults.ThrowIfAny("options");
    }
}
