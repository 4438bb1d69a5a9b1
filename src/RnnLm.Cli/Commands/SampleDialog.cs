using System.CommandLine;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Commands;

/// <summary>
/// A conversation with a model: each line is a prompt, which is continued as one looks on, or begins with a slash and changes how. Ctrl+C
/// stops the text, and a second time, with nothing typed since, the program.
/// </summary>
internal sealed class SampleDialog(RnnLanguageModel model, SamplingOptions options, string? condition, bool withPrompt,
    CommandContext context) : IDisposable
{
    private const string Fence = "\"\"\"";

    private static readonly (string Name, string Help)[] Commands =
    [
        ("/continue [TEXT]", "write on from where the text stands, after TEXT if there is some"),
        ("/condition [NAME]", "condition of a model that has them; none without a name"),
        ("/settings", "show how text is drawn"),
        ("/help", "show this"),
        ("/quit", "leave, as Ctrl+D does"),
    ];

    // One text is written at a time, without beam search.
    private static readonly string[] Elsewhere =
        [nameof(SamplingOptions.NumSamples), nameof(SamplingOptions.Beams), nameof(SamplingOptions.LengthPenalty)];

    private readonly OptionGroup<SamplingOptions> _group = SamplingOptionGroup.Create();
    private SamplingOptions _options = options.Clone();
    private string? _condition = condition;
    private GenerationSession? _session;
    private CancellationTokenSource? _writing;
    private int _interrupts;

    private bool IsTerminal => context.IsInputTerminal && context.IsOutputTerminal;

    /// <summary>Talks until the user leaves.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        ConditionNames.Find(model.Conditions, _condition);
        (_options.NumSamples, _options.Beams) = (1, 1);
        context.Words = new FlagWords([_group], "/");
        context.Interrupts.Handler = Interrupt;
        try
        {
            if (IsTerminal)
                context.Say("Type a text to continue; an empty line begins a new one. /help shows what can be changed, /quit leaves.");
            while (!context.Stop.IsCancellationRequested && Ask("> ") is { } line && line.TrimEnd() is not ("/quit" or "/exit"))
            {
                Interlocked.Exchange(ref _interrupts, 0);
                try
                {
                    Answer(line);
                }
                catch (Exception e) when (e is UsageException or ArgumentException)
                {
                    context.Say(CommandContext.OneLine(context.Describe(e)));
                }
            }
        }
        finally
        {
            context.Interrupts.Handler = null;
            Dispose();
        }

        return context.Stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    public void Dispose()
    {
        _session?.Dispose();
        _session = null;
    }

    private void Answer(string line)
    {
        // A text that begins with a slash is typed with two.
        if (!line.StartsWith('/') || line.StartsWith("//", StringComparison.Ordinal))
        {
            Dispose();
            Write(line.StartsWith('/') ? line[1..] : line == Fence ? AskLines() : line);
            return;
        }

        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string name = space < 0 ? line : line[..space], rest = space < 0 ? "" : line[(space + 1)..];
        switch (name)
        {
            case "/continue":
                Write(rest);
                break;
            case "/condition":
                _condition = ConditionNames.Find(model.Conditions, rest.Length == 0 ? null : rest) < 0 ? null : rest;
                break;
            case "/settings":
                ShowSettings();
                break;
            case "/help":
                ShowHelp();
                break;
            default:
                Change(name, rest);
                break;
        }
    }

    /// <summary>Reads a prompt, adds it to the text, and writes on, piece by piece.</summary>
    private void Write(string prompt)
    {
        _session ??= model.StartSession(_options, _condition);
        int unknown = _session.UnknownCharacters;
        _session.Append(prompt);
        if (_session.UnknownCharacters > unknown)
            context.Warn($"unknown to the model: {Counted.Of(_session.UnknownCharacters - unknown, "character")} of the prompt.");
        // Only once it is known that it can be continued: a pattern may forbid it.
        string before = withPrompt ? prompt : "";
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
        Volatile.Write(ref _writing, writing);
        bool isStopped = false;
        try
        {
            foreach (string piece in _session.GenerateAsync(_options, writing.Token).ToBlockingEnumerable(CancellationToken.None))
            {
                context.Output.Write(before + piece);
                context.Output.Flush();
                before = "";
            }
        }
        catch (OperationCanceledException) when (writing.IsCancellationRequested)
        {
            isStopped = true;
        }
        finally
        {
            Volatile.Write(ref _writing, null);
        }

        context.Output.WriteLine(before);
        context.Output.Flush();
        if (isStopped)
            context.Say("Stopped. /continue goes on; Ctrl+C once more leaves.");
    }

    /// <summary>Changes an option by its name on the command line, a slash in place of the hyphens.</summary>
    private void Change(string name, string value)
    {
        OptionEntry? entry = _group.Entries.Find(e => Names(e.Option!).Contains(name, StringComparer.Ordinal));
        if (entry is null)
        {
            string? nearest = OptionName.Nearest(name,
                Settings.SelectMany(e => Names(e.Option!)).Concat(Commands.Select(c => c.Name.Split(' ')[0])));
            throw new UsageException($"there is no command '{name}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} /help lists "
                + "them; a text that begins with a slash is typed with two.");
        }

        if (!Settings.Contains(entry))
            throw new UsageException($"one text is written here at a time, without beam search: {name} is for the command line.");
        if (value.Length == 0)
            throw new UsageException($"{name} needs a value. Now it is {Show(entry)}.");
        var command = new Command("settings");
        _group.Options.ForEach(command.Add);
        ParseResult parse = command.Parse([entry.Option!.Name, value.Trim()]);
        if (parse.Errors.Count > 0)
            throw new UsageException(ParseFault.Describe(parse.Errors[0])
                .Replace(entry.Option.Name, Name(entry), StringComparison.Ordinal));
        SamplingOptions changed = _options.Clone();
        _group.Apply(parse, changed);
        SamplingOptionGroup.Check(changed);
        _options = changed;
    }

    private IEnumerable<OptionEntry> Settings =>
        _group.Entries.Where(entry => !Elsewhere.Contains(entry.Property.Name, StringComparer.Ordinal));

    private static string Name(OptionEntry entry) => "/" + entry.Option!.Name[2..];

    /// <summary>Returns all names that are understood: the aliases of the command line too.</summary>
    private static IEnumerable<string> Names(Option option) =>
        option.Aliases.Append(option.Name).Where(name => name.StartsWith("--", StringComparison.Ordinal)).Select(name => "/" + name[2..]);

    /// <summary>Returns the value that is set now.</summary>
    private string Show(OptionEntry entry)
    {
        object? value = entry.Property.GetValue(_options);
        string text = value switch
        {
            IEnumerable<string> list => string.Join(' ', list),
            Enum name => OptionName.Of(name.ToString()),
            bool isOn => isOn ? "true" : "false",
            _ => $"{value}",
        };
        return text.Length == 0 ? "-" : CommandContext.OneLine(text);
    }

    private void ShowSettings()
    {
        IEnumerable<(string, string)> settings = Settings.Select(entry => (Name(entry), Show(entry)));
        Table(model.Conditions.Count > 0 ? settings.Append(("/condition", CommandContext.OneLine(_condition ?? "-"))) : settings);
    }

    private void ShowHelp()
    {
        context.Say($"A line is a text to continue. One of several lines stands between lines of {Fence}.");
        IEnumerable<(string, string)> settings = Settings.Select(entry => (Name(entry) + " VALUE", $"{entry.Description} [{Show(entry)}]"));
        Table(Commands.Where(command => model.Conditions.Count > 0 || !command.Name.StartsWith("/condition", StringComparison.Ordinal))
            .Concat(settings));
        context.Say("What stands in brackets is set now. Ctrl+C stops the text; a second time, with nothing typed since, it leaves.");
    }

    private void Table(IEnumerable<(string Name, string Text)> lines)
    {
        (string Name, string Text)[] all = [.. lines];
        int width = all.Max(line => line.Name.Length);
        foreach ((string name, string text) in all)
            context.Say($"{name.PadRight(width)}  {text}");
    }

    private string? Ask(string mark)
    {
        if (IsTerminal)
        {
            context.Output.Write(mark);
            context.Output.Flush();
        }

        return context.Input.ReadLine();
    }

    private string AskLines()
    {
        var lines = new List<string>();
        while (Ask("… ") is { } line && line != Fence)
            lines.Add(line);
        return string.Join('\n', lines);
    }

    private bool Interrupt()
    {
        if (Interlocked.Increment(ref _interrupts) > 1)
            return false;
        if (Volatile.Read(ref _writing) is { } writing)
            writing.Cancel();
        else
            context.Say($"{Environment.NewLine}Ctrl+C once more, or /quit, leaves.");
        return true;
    }
}
