using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using RnnLm.Cli.Commands;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli;

/// <summary>The command line: parses, runs the command, and turns whatever goes wrong into one clear line and an exit code.</summary>
internal sealed class CommandLine
{
    private const int HelpWidth = 100;

    private readonly CommandContext _context;
    private readonly RootCommand _root = new("trains and runs character language models; its models are ML.NET's zips.");
    private readonly Option<bool> _verbose =
        new("--verbose") { Description = "where something goes wrong, show where in the program", Recursive = true };

    public CommandLine(CommandContext context)
    {
        _context = context;
        foreach (CliCommand command in (CliCommand[])[new NewCommand(), new TrainCommand(), new SampleCommand(), new SuggestCommand(),
            new GenerateCommand(), new ScoreCommand(), new EmbedCommand(), new ClassifyCommand(), new CheckCommand(),
            new MergeCommand(), new PlantCommand(), new PrivacyCommand(), new EvaluateCommand(),
            new InspectCommand(), new ReportCommand(), new ConvertCommand(), new CodegenCommand(),
            new ReproduceCommand(), new BenchCommand(), new CompletionCommand()])
            _root.Add(command);
        _root.Add(_verbose);
        foreach (HelpOption help in _root.Options.OfType<HelpOption>())
        {
            help.Description = "show this help";
            foreach (string alias in (string[])["/?", "/h"])
                help.Aliases.Remove(alias);
        }

        foreach (VersionOption version in _root.Options.OfType<VersionOption>())
            version.Description = "show the version";
    }

    public int Run(IReadOnlyList<string> arguments)
    {
        try
        {
            int code = Execute(arguments);
            _context.Output.Flush();
            return code;
        }
        catch (IOException e)
        {
            return FailToWrite(e);
        }
    }

    private int Execute(IReadOnlyList<string> arguments)
    {
        ParseResult parse = _root.Parse(arguments);
        Command command = parse.CommandResult.Command;
        // What a shell asks, whose command line is seldom whole.
        if (parse.Tokens is [{ Type: TokenType.Directive }, ..])
            return parse.Invoke(new() { Output = _context.Output, Error = _context.Status.Profile.Out.Writer });
        if (parse.Action is HelpAction || (arguments.Count == 0 && command is RootCommand))
        {
            new Help(_context.Output, _context.IsOutputTerminal ? Math.Max(30, _context.Status.Profile.Width) : HelpWidth).Write(command);
            return ExitCode.Success;
        }

        if (FindMistake(parse) is { } mistake)
            return Fail(ExitCode.Usage, $"{mistake} See '{Help.Path(command)} --help'.");
        if (command is not CliCommand cli)
            return parse.Invoke(new() { Output = _context.Output, Error = _context.Status.Profile.Out.Writer });
        _context.Words = new FlagWords(cli.Groups, parse: parse);
        try
        {
            return cli.Run(parse, _context);
        }
        catch (OperationCanceledException) when (_context.Stop.IsCancellationRequested)
        {
            return Fail(ExitCode.Interrupted, "stopped.");
        }
        catch (IOException e) when ((e as ResultException ?? e.InnerException) is ResultException fault)
        {
            // Also where a file that is written beside the results was given up for that.
            return FailToWrite(fault);
        }
        catch (Exception e)
        {
            return Fail(e is UsageException or OptionsException ? ExitCode.Usage : ExitCode.Fault, _context.Describe(e),
                parse.GetValue(_verbose) ? e : null);
        }
    }

    /// <summary>Returns what is wrong with the command line, or null. A mistyped option is one, even where a file name could stand in its
    /// place.</summary>
    private static string? FindMistake(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string? stray = (parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : null)
            ?? parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .FirstOrDefault(t => t.StartsWith('-') && t.Length > 1);
        if (stray is not null)
        {
            bool isOption = stray.StartsWith('-');
            string? nearest = OptionName.Nearest(stray,
                isOption ? command.Options.SelectMany(o => o.Aliases.Append(o.Name)) : command.Subcommands.Select(c => c.Name));
            string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            return $"there is no {kind} '{stray}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")}";
        }

        if (command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0
            && parse.GetResult(a) is not { Tokens.Count: > 0 }) is { } missing)
            return $"{missing.Name} is missing: {missing.Description}.";
        return parse.Errors.Count == 0 ? null : string.Join(" ", parse.Errors.Select(ParseFault.Describe).Distinct(StringComparer.Ordinal));
    }

    // A reader that has ended, as head does, knows why.
    private int FailToWrite(IOException fault) => fault is ResultException { IsReaderGone: true }
        ? ExitCode.Fault
        : Fail(ExitCode.Fault, $"the standard output can't be written: {_context.Describe(fault)}");

    private int Fail(int code, string message, Exception? trace = null)
    {
        try
        {
            // Results that there are come before the fault.
            _context.Output.Flush();
        }
        catch (IOException)
        {
            // Then the fault is what there is to say.
        }

        // A message of the library ends as it is used within others, without a full stop.
        string stop = message.Length > 0 && (char.IsLetterOrDigit(message[^1]) || message[^1] is '\'' or '"' or ')') ? "." : "";
        _context.Status.Profile.Out.Writer.WriteLine($"rnnlm: {CommandContext.OneLine(message)}{stop}");
        if (trace is not null)
            _context.Status.Profile.Out.Writer.WriteLine(trace);
        return code;
    }
}
