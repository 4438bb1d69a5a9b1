using System.Text.RegularExpressions;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;
using Spectre.Console.Testing;

namespace RnnLm.Cli.Tests;

/// <summary>Conversations as a user types them; the model knows its song by heart.</summary>
public sealed class SampleDialogTests(ReportModels models) : IClassFixture<ReportModels>
{
    [Fact]
    public void EachLineIsContinuedAsTheCommandWould()
    {
        CliRun run = Talk("the \na dog\n", "--seed", "5", "--length", "30");

        Assert.Equal(0, run.Code);
        Assert.Equal(CliRun.Ok("sample", models.Song, "-p", "the ", "--seed", "5", "--length", "30").Output
            + CliRun.Ok("sample", models.Song, "-p", "a dog", "--seed", "5", "--length", "30").Output, run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void SettingsAreChangedOnTheWay()
    {
        CliRun run = Talk("/temperature 0\n/length 12\nthe \n/top-k 3\n/stop \\n\n/settings\n/quit\nnever read\n");

        Assert.Equal(CliRun.Ok("sample", models.Song, "-p", "the ", "--temperature", "0", "--length", "12").Output, run.Output);
        Assert.Matches(@"/max-length +12\n", run.Error);
        Assert.Matches(@"/temperature +0\n", run.Error);
        Assert.Matches(@"/top-k +3\n", run.Error);
        Assert.Matches(@"/stop +\\n\n", run.Error);
    }

    [Fact]
    public void ATextGoesOnFromWhereItStands()
    {
        string[] settings = ["--temperature", "0", "--no-prompt"];
        string apart = Talk("/length 10\nthe cat\n/continue\n/continue  and the\n", settings).Output;
        string together = CliRun.Ok(["sample", models.Song, "-p", "the cat", "--length", "20", .. settings]).Output;

        string[] written = apart.Split('\n');
        Assert.Equal(together, written[0] + written[1] + "\n");
        using RnnLanguageModel model = RnnLanguageModel.Load(models.Song);
        Assert.Equal(model.Generate("the cat" + written[0] + written[1] + " and the",
            new SamplingOptions { Temperature = 0, MaxLength = 10 }), written[2]);
    }

    [Fact]
    public void APromptMayHaveSeveralLinesOrBeginWithASlash()
    {
        CliRun run = Talk("\"\"\"\nthe cat\nthe dog\n\"\"\"\n//the\n", "--temperature", "0", "--length", "5");

        Assert.StartsWith("the cat\nthe dog", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n/the", run.Output, StringComparison.Ordinal);
        Assert.Contains("unknown to the model: 1 character of the prompt", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/temperature hot", "/temperature: 'hot' is not a number.")]
    [InlineData("/temperature -1", "/temperature must be")]
    [InlineData("/top-p 3", "/top-p must be above 0 and at most 1, but is 3.")]
    [InlineData("/lenght 3", "there is no command '/lenght'. Did you mean '/length'?")]
    [InlineData("/condition cat", "the model has no conditions")]
    [InlineData("/beams 3", "one text is written here at a time")]
    [InlineData("/length", "/length needs a value. Now it is 5.")]
    public void AWrongCommandIsSaidAndTheTalkGoesOn(string command, string fault)
    {
        CliRun run = Talk($"{command}\nthe \n", "--temperature", "0", "--length", "5");

        Assert.Equal(0, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--", run.Error, StringComparison.Ordinal);
        Assert.Equal(CliRun.Ok("sample", models.Song, "-p", "the ", "--temperature", "0", "--length", "5").Output, run.Output);
    }

    [Fact]
    public void HelpShowsTheSettingsThatItTakesAndTheirValuesNow()
    {
        string help = Talk("/top-k 7\n/stop \\n\n/help\n", "--temperature", "0.25", "--length", "9").Error;

        foreach (string name in (string[])["/seed", "/top-p", "/continue", "/quit"])
            Assert.Contains($"\n{name} ", help, StringComparison.Ordinal);
        foreach ((string name, string value) in ((string, string)[])[("/temperature", "0.25"), ("/max-length", "9"), ("/top-k", "7"),
            ("/stop", "\\n"), ("/pattern-includes-prompt", "false")])
            Assert.Matches($@"\n{name} VALUE +[^\n]* \[{Regex.Escape(value)}\]\n", help);
        // These it refuses: the model has no conditions, and one text is written at a time.
        foreach (string name in (string[])["/length ", "/num-samples", "/beams", "/length-penalty", "/condition"])
            Assert.DoesNotContain($"\n{name}", help, StringComparison.Ordinal);
    }

    [Fact]
    public void EverySettingOfTheHelpIsTaken()
    {
        string help = Talk("/help\n").Error;
        string[] names = [.. help.Split('\n').Where(line => line.Contains(" VALUE ", StringComparison.Ordinal))
            .Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)])];

        Assert.NotEmpty(names);
        foreach (string name in names)
        {
            string value = name switch { "/pattern-includes-prompt" => "true", "/initial-state" => "zeros", "/stop" or "/pattern" => "t",
                "/max-length-limit" => "100", _ => "1" };
            string said = Talk($"{name} {value}\n/settings\n").Error;
            Assert.Matches($@"\A(/[^\n]*\n)*{name} +{value}\n", said);
        }
    }

    [Fact]
    public void AModelWithConditionsIsAskedForOne()
    {
        CliRun run = CliRun.With("/help\n/condition dog\n/settings\n", default, "sample", models.Kinds, "-i");

        Assert.Contains("\n/condition [NAME] ", run.Error, StringComparison.Ordinal);
        Assert.Matches("\n/condition +dog\n", run.Error);
    }

    [Fact]
    public void AnInterruptStopsTheTextAndTheNextOneTheProgram()
    {
        var interrupts = new Interrupts();
        bool? dealtWith = null;
        using var output = new WatchingWriter(text =>
        {
            if (dealtWith is null && text.Length > 200)
                dealtWith = interrupts.Handler!();
        });
        using var status = new TestConsole();
        using var input = new StringReader("the \n/length 5\n/continue\n");
        var context = new CommandContext(input, output, status, false, false, default) { Interrupts = interrupts };

        Assert.Equal(0, new CommandLine(context).Run(["sample", models.Song, "-i", "--length", "100000"]));

        Assert.True(dealtWith);
        string[] written = output.ToString().ReplaceLineEndings("\n").Split("\n");
        Assert.InRange(output.ToString().Length, 200, 1000);
        Assert.Contains("Stopped. /continue goes on", status.Output, StringComparison.Ordinal);
        Assert.Null(interrupts.Handler);
    }

    [Fact]
    public void ASecondInterruptWithNothingTypedSinceIsLeftToEndTheProcess()
    {
        var interrupts = new Interrupts();
        var answers = new List<bool>();
        using var input = new AskingReader(["", null], read =>
        {
            if (read == 1)
                answers.AddRange([interrupts.Handler!(), interrupts.Handler!()]);
        });
        using var status = new TestConsole();
        var context = new CommandContext(input, new StringWriter(), status, false, false, default) { Interrupts = interrupts };

        new CommandLine(context).Run(["sample", models.Song, "-i", "--length", "5"]);

        Assert.Equal([true, false], answers);
        Assert.Contains("Ctrl+C once more, or /quit, leaves.", status.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--prompt", "a")]
    [InlineData("--json")]
    [InlineData("--jsonl")]
    [InlineData("-n", "2")]
    public void WhatHasNoPlaceInATalkIsRefused(params string[] arguments)
    {
        CliRun run = Talk("", arguments);

        Assert.Equal(2, run.Code);
        Assert.Contains("--interactive asks for the prompts and writes one text at a time: leave --", run.Error, StringComparison.Ordinal);
    }

    private CliRun Talk(string input, params string[] arguments) =>
        CliRun.With(input, default, ["sample", models.Song, "-i", .. arguments]);

    private sealed class WatchingWriter(Action<string> written) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            written(ToString());
        }
    }

    private sealed class AskingReader(string?[] lines, Action<int> asked) : StringReader("")
    {
        private int _read;

        public override string? ReadLine()
        {
            asked(_read);
            return lines[_read++];
        }
    }
}
