using System.Diagnostics;
using RnnLm.Cli.Terminal;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("rnnlm sam", "sample")]
    [InlineData("rnnlm sample m.zip --temp", "--temperature")]
    [InlineData("rnnlm train x.txt --cell ", "gru", "lstm", "rnn")]
    [InlineData("rnnlm completion ", "bash", "fish", "pwsh", "zsh")]
    public void WhatMayFollowIsSuggested(string line, params string[] expected)
    {
        CliRun run = CliRun.Ok($"[suggest:{line.Length}]", line);

        Assert.Equal(expected, run.Lines.Where(l => !l.StartsWith('-') || expected.Contains(l)));
    }

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("fish", "complete ")]
    [InlineData("pwsh", "Register-ArgumentCompleter ")]
    public void EachShellHasAScript(string shell, string registers)
    {
        string script = CliRun.Ok("completion", shell).Output;

        Assert.Contains(registers, script, StringComparison.Ordinal);
        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherShellIsAWrongCall()
    {
        CliRun run = CliRun.Of("completion", "cmd");

        Assert.Equal(2, run.Code);
        Assert.Contains("there is no script for 'cmd'. There are some for bash, zsh, fish, pwsh.", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Bash itself, with the program as it was built, asked as it is when Tab is pressed.</summary>
    [SkippableTheory]
    [InlineData("rnnlm sample m.zip --top-", "--top-k --top-p")]
    [InlineData("rnnlm train x.txt --cell l", "lstm")]
    [InlineData("rnnlm sample ", "")]
    public void BashCompletes(string line, string expected)
    {
        Skip.IfNot(File.Exists("/bin/bash"), "There is no /bin/bash.");
        using var folder = new TempFolder();
        string words = string.Join(' ', line.Split(' ').Select(word => $"'{word}'"));
        File.WriteAllText(folder["ask.sh"], $$"""
            rnnlm() { dotnet '{{typeof(CommandLine).Assembly.Location}}' "$@"; }
            source <(rnnlm completion bash)
            complete -p rnnlm > /dev/null || exit 1
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=({{words}}); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _rnnlm
            echo "${COMPREPLY[*]}"
            """);
        using Process bash = Process.Start(new ProcessStartInfo("/bin/bash", [folder["ask.sh"]])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false
        })!;
        string output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();

        Assert.Equal(0, bash.ExitCode);
        Assert.Equal(expected, output.Trim());
    }
}
