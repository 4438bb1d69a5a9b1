using RnnLm.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;
using SpectreText = Spectre.Console.Text;

namespace RnnLm.Cli.Progress;

/// <summary>A bar and a few figures that stay in place on a terminal, in whatever width it has; evaluations and messages scroll away above
/// them.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, int epochs, TargetWords target) : TrainingDisplay
{
    private const int WidestBar = 60;
    private LiveDisplayContext? _live;

    /// <inheritdoc/>
    public override T Run<T>(Func<T> train) => console.Live(new SpectreText("")).AutoClear(true).Start(live =>
    {
        _live = live;
        try
        {
            return train();
        }
        finally
        {
            _live = null;
        }
    });

    // One column stays free: some terminals wrap a full line.
    private int Width => Math.Max(20, console.Profile.Width - 1);

    /// <inheritdoc/>
    public override void Report(TrainingProgress value)
    {
        if (value.ValidationLoss is double loss)
        {
            string[] best = loss == value.BestValidationLoss ? ["best"] : [];
            Leave(ProgressText.Lines([.. ProgressText.Parts(value with { Remaining = null }, epochs, target), .. best], Width),
                Style.Plain);
        }

        _live?.UpdateTarget(Draw(value));
    }

    /// <inheritdoc/>
    public override void Report(LogMessage value)
    {
        string text = (value.Severity == LogSeverity.Warning ? "warning: " : "") + CommandContext.OneLine(value.Describe(Words));
        Leave(ProgressText.Lines(text.Split(' '), Width, " "), new(value.Severity == LogSeverity.Warning ? Color.Yellow : Color.Grey));
    }

    /// <summary>Writes lines above the part that stays in place. They are filled with spaces, since they are written over what was
    /// there.</summary>
    private void Leave(IEnumerable<string> lines, Style style)
    {
        foreach (string line in lines)
            console.Write(new SpectreText(line.PadRight(Width) + "\n", style));
    }

    /// <summary>Draws the part that stays in place.</summary>
    public Spectre.Console.Rows Draw(TrainingProgress progress)
    {
        int width = Width;
        string percent = $" {progress.Fraction:P0}";
        int bar = Math.Min(WidestBar, width - percent.Length);
        int done = (int)Math.Round(bar * Math.Clamp(progress.Fraction, 0, 1));
        char stroke = console.Profile.Capabilities.Unicode ? '━' : '#';
        var line = new Paragraph(new string(stroke, done), new Style(Color.Green));
        line.Append(new string(console.Profile.Capabilities.Unicode ? '━' : '-', bar - done), new Style(Color.Grey));
        line.Append(percent);
        IEnumerable<IRenderable> figures = ProgressText.Lines(ProgressText.Parts(progress, epochs, target), width)
            .Select(text => new SpectreText(text));
        return new Spectre.Console.Rows([line, .. figures]);
    }
}
