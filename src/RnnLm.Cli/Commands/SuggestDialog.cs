using RnnLm.Cli.Tasks;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Suggests for each line that is typed. Ctrl+C stops a search, and leaves where there is none.</summary>
internal sealed class SuggestDialog(SuggestSession session, CommandContext context)
{
    private CancellationTokenSource? _search;

    /// <summary>Asks until the user leaves.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        context.Interrupts.Handler = Interrupt;
        try
        {
            context.Say("Type the beginning of a text; /quit, Ctrl+D or Ctrl+C leaves.");
            while (!context.Stop.IsCancellationRequested && Ask() is { } line && line.TrimEnd() is not ("/quit" or "/exit"))
                Answer(line);
        }
        finally
        {
            context.Interrupts.Handler = null;
        }

        return context.Stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    private string? Ask()
    {
        context.Output.Write("> ");
        context.Output.Flush();
        return context.Input.ReadLine();
    }

    private void Answer(string line)
    {
        using var search = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
        Volatile.Write(ref _search, search);
        try
        {
            session.Text = line;
            SuggestionList found = session.Suggest(search.Token);
            foreach (string remark in SuggestTask.RemarksOn(line, found))
                context.Warn(remark);
            foreach (Suggestion suggestion in found)
                context.Output.WriteLine(SuggestTask.Describe(suggestion));
            if (found.Count == 0)
                context.Say("Nothing was found that begins like this.");
        }
        catch (OperationCanceledException) when (search.IsCancellationRequested)
        {
            context.Say("Stopped.");
        }
        catch (ArgumentException e)
        {
            context.Say(CommandContext.OneLine(context.Describe(e)));
        }
        finally
        {
            Volatile.Write(ref _search, null);
        }
    }

    /// <summary>Stops the search; where there is none, leaves it to the system to end the process.</summary>
    private bool Interrupt()
    {
        CancellationTokenSource? search = Volatile.Read(ref _search);
        search?.Cancel();
        return search is not null;
    }
}
