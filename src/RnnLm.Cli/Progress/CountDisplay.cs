using RnnLm.Cli.Terminal;
using Spectre.Console;
using SpectreText = Spectre.Console.Text;

namespace RnnLm.Cli.Progress;

/// <summary>Shows how far a count has come: in one place on a terminal, else a line every ten seconds.</summary>
/// <param name="context">Where it is shown.</param>
internal sealed class CountDisplay(CommandContext context)
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromSeconds(0.2), LineInterval = TimeSpan.FromSeconds(10);

    private readonly System.Diagnostics.Stopwatch _clock = System.Diagnostics.Stopwatch.StartNew();
    private LiveDisplayContext? _live;
    private TimeSpan _shown;

    /// <summary>Gets the seconds since the count began.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>Runs what is counted under the display.</summary>
    public void Run(Action count)
    {
        _clock.Restart();
        if (!context.Status.Profile.Capabilities.Ansi)
        {
            count();
            return;
        }

        context.Status.Live(new SpectreText("")).AutoClear(true).Start(live =>
        {
            _live = live;
            try
            {
                count();
            }
            finally
            {
                _live = null;
            }
        });
    }

    /// <summary>Shows where the count stands, if it is time to.</summary>
    /// <param name="parts">Returns what is worth saying, the most important first.</param>
    public void Show(Func<IEnumerable<string>> parts)
    {
        if (_clock.Elapsed - _shown < (_live is null ? LineInterval : LiveInterval))
            return;
        _shown = _clock.Elapsed;
        if (_live is null)
            context.Say(string.Join("  ", parts()));
        else
            // One column stays free: some terminals wrap a full line.
            _live.UpdateTarget(new SpectreText(string.Join('\n',
                ProgressText.Lines(parts(), Math.Max(20, context.Status.Profile.Width - 1)))));
    }
}
