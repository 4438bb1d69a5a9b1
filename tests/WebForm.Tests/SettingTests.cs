namespace WebForm.Tests;

/// <summary>Settings that are wrong are told at the start.</summary>
public sealed class SettingTests
{
    [Theory]
    [InlineData("--Limits:Queue=-1", "Queue")]
    [InlineData("--Limits:Timeout=00:00:00", "Timeout")]
    [InlineData("--Limits:Queues=3", "Queues")]
    [InlineData("--Limits:Queue=many", "Limits:Queue")]
    [InlineData("--Models:articles:Suggest:Typo=1", "Typo")]
    [InlineData("--Models:articles:Path=", "Each of Models must have a Path.")]
    public void WrongSettingsEndTheStart(string setting, string named)
    {
        (int code, string output) = TrainedModels.Program("--urls", "http://127.0.0.1:0", "--Demonstration=false", setting);

        Assert.Equal(1, code);
        Assert.StartsWith("appsettings.json: ", output, StringComparison.Ordinal);
        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
