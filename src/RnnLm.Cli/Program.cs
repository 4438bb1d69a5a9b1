using System.Runtime.InteropServices;
using System.Text;
using RnnLm.Cli;
using RnnLm.Cli.Terminal;
using Spectre.Console;

// UTF-8 without a byte order mark, whatever the system's own encoding: what one command writes another reads.
var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
// Flushed by the command line, which says so where that fails.
var output = new StreamWriter(new ResultStream(Console.OpenStandardOutput(), ResultPipe.IsReaderGone), utf8);
var error = new StatusWriter(new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true });
IAnsiConsole status = AnsiConsole.Create(new AnsiConsoleSettings
{
    Out = new StatusOutput(error),
    Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect,
    Interactive = Console.IsErrorRedirected ? InteractionSupport.No : InteractionSupport.Yes,
});

using var stop = new CancellationTokenSource();
Stream OpenInput() => new StoppableStream(Console.OpenStandardInput(), stop.Token);
var interrupts = new Interrupts();
void Stop(PosixSignalContext signal)
{
    if (signal.Signal == PosixSignal.SIGINT && interrupts.Handler is { } handler)
    {
        signal.Cancel = handler();
        return;
    }

    // The first time asks to stop; the second time stops.
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
// The terminal is closed, or the connection to it ends.
using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
// Bytes that are no text are an error, except where someone types them.
using var input = new StreamReader(OpenInput(), new UTF8Encoding(false, throwOnInvalidBytes: Console.IsInputRedirected));
output.AutoFlush = !Console.IsOutputRedirected;
var context = new CommandContext(input, output, status, !Console.IsInputRedirected, !Console.IsOutputRedirected, stop.Token)
{
    Interrupts = interrupts,
    OpenInput = OpenInput
};
return new CommandLine(context).Run(args);
