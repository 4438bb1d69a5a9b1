namespace WebForm.Tests;

/// <summary>Settings that are wrong are told at the start.</summary>
public sealed class SettingTests
{
    [Theory]
    [InlineData("--Limits:Queue=-1", "Limits:Queue must be from 0 to 100000, but is '-1'.")]
    [InlineData("--Limits:Queue=many", "Limits:Queue must be from 0 to 100000, but is 'many'.")]
    [InlineData("--Limits:Queue=", "Limits:Queue must be from 0 to 100000, but is ''.")]
    [InlineData("--Limits:Queue:More=1", "Limits:Queue must be a value, but is a group of settings.")]
    [InlineData("--Limits:Timeout=00:00:00", "Limits:Timeout must be from 00:00:00.01 to 1.00:00:00, but is '00:00:00'.")]
    [InlineData("--Limits:Queues=3", "Limits:Queues is not known. Known are BodyBytes, TextLength, Suggestions, Rows, Concurrency, Queue, "
        + "Timeout, Streams, StreamTimeout.")]
    [InlineData("--WatchInterval=00:00:00", "WatchInterval must be from 00:00:00.01 to 1.00:00:00, but is '00:00:00'.")]
    [InlineData("--WatchInterval=-00:00:05", "WatchInterval must be from 00:00:00.01 to 1.00:00:00, but is '-00:00:05'.")]
    [InlineData("--WatchInterval=abc", "WatchInterval must be from 00:00:00.01 to 1.00:00:00, but is 'abc'.")]
    [InlineData("--Demonstration=maybe", "Demonstration must be true or false, but is 'maybe'.")]
    [InlineData("--Models:articles:Suggest:Typo=1", "Models:articles:Suggest:Typo is not known. Known are Count, To, Pattern, Typos, "
        + "TypoPenalty, MinProbability, MaxLength, MaxSteps.")]
    [InlineData("--Models:articles:Suggest:Typos=9", "Models:articles:Suggest:Typos must be from 0 to 4, but is 9.")]
    [InlineData("--Models:articles:Suggest:Typos=few", "Models:articles:Suggest:Typos must be a whole number, but is 'few'.")]
    [InlineData("--Models:articles:Suggest:MinProbability=x", "Models:articles:Suggest:MinProbability must be a number, but is 'x'.")]
    [InlineData("--Models:articles:Suggest:To=Ende", "Models:articles:Suggest:To must be one of Word, End, Pattern, but is 'Ende'.")]
    [InlineData("--Models:articles:Suggest:Count=3",
        "Models:articles:Suggest:Count must be left out: each request says how many suggestions it wants.")]
    [InlineData("--Models:articles:Suggest=3", "Models:articles:Suggest must be a group of settings, but is '3'.")]
    [InlineData("--Models:articles:Path=", "Models:articles:Path must name the model's file.")]
    public void WrongSettingsEndTheStart(string setting, string message)
    {
        (int code, string output) =
            TrainedModels.Program("--urls", "http://127.0.0.1:0", "--Demonstration=false", "--Models:articles:Path=none", setting);

        Assert.Equal(1, code);
        Assert.Equal(message, output.Trim());
    }

    [Fact]
    public void APatternIsJudgedByItsSyntaxAlone()
    {
        (int code, string output) = TrainedModels.Program("--urls", "http://127.0.0.1:0", "--Demonstration=false",
            "--Models:articles:Suggest:To=Pattern", "--Models:articles:Suggest:Pattern=[", "--Models:messages:Suggest:To=Pattern",
            "--Models:messages:Suggest:Pattern=[Я-я]+");

        Assert.Equal(1, code);
        Assert.StartsWith("Models:articles:Suggest:Pattern '['", output, StringComparison.Ordinal);
        Assert.DoesNotContain("messages", output, StringComparison.Ordinal);
    }
}
