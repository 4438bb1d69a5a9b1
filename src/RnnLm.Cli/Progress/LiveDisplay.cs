using Spectre.Console;
using Spectre.Console.Rendering;

namespace RnnLm.Cli;

/// <summary>A bar and a few figures that stay in place on a terminal, in whatever width it has; evaluations and messages scroll away above them.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, int epochs) : TrainingDisplay
{
    private const int WidestBar = 60;
    private LiveDisplayContext? _live;

    /// <inheritdoc/>
    public override T Run<T>(Func<T> train) => console.Live(new Text("")).AutoClear(true).Start(live =>
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

    /// <inheritdoc/>
    public override void Report(TrainingProgress value)
    {
        if (value.ValidationLoss is double loss)
        {
            string line = string.Join("  ", ProgressText.Parts(value with { Remaining = null }, epochs));
            console.Write(new Text(line + (loss <= value.BestValidationLoss ? "  best" : "") + "\n"));
        }

        _live?.UpdateTarget(Draw(value));
    }

    /// <inheritdoc/>
    public override void Report(LogMessage value)
    {
        Style style = value.Severity switch { LogSeverity.Info => new(Color.Grey), LogSeverity.Warning => new(Color.Yellow), _ => new(Color.Red) };
        console.Write(new Text(value.Text + "\n", style));
    }

    /// <summary>Draws the part that stays in place.</summary>
    public Rows Draw(TrainingProgress progress)
    {
        // One column stays free: some terminals wrap a full line.
        int width = Math.Max(20, console.Profile.Width - 1);
        string percent = $" {progress.Fraction:P0}";
        int bar = Math.Min(WidestBar, width - percent.Length);
        int done = (int)Math.Round(bar * Math.Clamp(progress.Fraction, 0, 1));
        char stroke = console.Profile.Capabilities.Unicode ? '━' : '#';
        var line = new Paragraph(new string(stroke, done), new Style(Color.Green));
        line.Append(new string(console.Profile.Capabilities.Unicode ? '━' : '-', bar - done), new Style(Color.Grey));
        line.Append(percent);
        IEnumerable<IRenderable> figures = ProgressText.Lines(ProgressText.Parts(progress, epochs), width).Select(text => new Text(text));
        return new Rows([line, .. figures]);
    }
}
