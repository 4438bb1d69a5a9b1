using System.CommandLine;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Prints the script by which a shell completes command lines. What is suggested, the program itself says, when the script asks
/// it.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private const string Bash = """
        _rnnlm() {
            local word="${COMP_WORDS[COMP_CWORD]}" line
            COMPREPLY=()
            while IFS= read -r line; do
                line="${line%$'\r'}"
                # Options once a hyphen is typed; before, there may be a file to name.
                [[ "$line" == "$word"* && ("$word" == -* || "$line" != -*) ]] && COMPREPLY+=("$line")
            done < <(rnnlm "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
        }
        complete -o bashdefault -o default -F _rnnlm rnnlm
        """;

    private const string Zsh = """
        #compdef rnnlm
        _rnnlm() {
            local suggestions=("${(@f)$(rnnlm "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            [[ "${PREFIX}" != -* ]] && suggestions=("${(@)suggestions:#-*}")
            if [[ -n "${suggestions[*]}" ]]; then compadd -- "${suggestions[@]}"; else _files; fi
        }
        compdef _rnnlm rnnlm
        """;

    private const string Fish = """
        function __rnnlm_suggest
            set -l line (commandline --cut-at-cursor)
            rnnlm "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete --command rnnlm --arguments '(__rnnlm_suggest)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName rnnlm -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            rnnlm "[suggest:$cursorPosition]" "$commandAst" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly (string Shell, string Script)[] Scripts = [("bash", Bash), ("zsh", Zsh), ("fish", Fish), ("pwsh", PowerShell)];

    private readonly Argument<string> _shell = new("SHELL") { Description = string.Join(", ", Scripts.Select(s => s.Shell)) };

    public CompletionCommand()
        : base("completion", "prints a script by which a shell completes commands, options and their values.")
    {
        Examples =
        [
            "source <(rnnlm completion bash)",
            "rnnlm completion bash >> ~/.bashrc",
            "rnnlm completion zsh >> ~/.zshrc",
            "rnnlm completion fish > ~/.config/fish/completions/rnnlm.fish",
            "rnnlm completion pwsh >> $PROFILE",
        ];
        _shell.CompletionSources.Add([.. Scripts.Select(s => s.Shell)]);
        Add(_shell);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string shell = parse.GetValue(_shell)!;
        string script = Scripts.FirstOrDefault(s => s.Shell == shell).Script
            ?? throw new UsageException($"there is no script for '{shell}'. There are some for "
            + $"{string.Join(", ", Scripts.Select(s => s.Shell))}.");
        context.Output.WriteLine(script);
        return ExitCode.Success;
    }
}
