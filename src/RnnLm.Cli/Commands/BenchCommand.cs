using System.CommandLine;
using RnnLm.Cli.Benchmarks;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.Engines;
using RnnLm.Runtime;

namespace RnnLm.Cli.Commands;

/// <summary>Measures the speed of training and of writing, and prints a line of JSON for each.</summary>
internal sealed class BenchCommand : CliCommand
{
    private static readonly int[] Batches = [1, 64];

    private readonly Option<string> _configs = new("--configs")
    {
        Description = $"models, of {string.Join(", ", BenchConfig.All.Select(c => c.Name))} [all]",
        HelpName = "A,B",
        DefaultValueFactory = _ => string.Join(',', BenchConfig.All.Select(c => c.Name)),
    };

    private readonly Option<string> _what = new("--what")
    {
        Description = "what is measured: train; sample, the model's steps and the drawing; write, whole texts with all that goes with them "
            + "[train,sample; "
            + "with --pattern write]",
        HelpName = "A,B",
    };

    private readonly Option<string?> _pattern = new("--pattern")
    {
        Description = "write texts that match it too, in turn with those that match none", HelpName = "REGEX",
    };

    private readonly Option<double?> _seconds = OptionGroup.Make<double?>("--seconds", "seconds of each measurement [5]");
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public BenchCommand()
        : base("bench", "measures how many characters are trained on, and written, in a second.")
    {
        Examples = ["rnnlm bench --engine managed --threads 2", "rnnlm bench --configs gru-256,lstm-512 --what sample --seconds 3",
            "rnnlm bench --configs gru-256 --pattern \"[a-z ]{200}\""];
        Add(_configs);
        Add(_what);
        Add(_pattern);
        AddName(new("Sampling", nameof(SamplingOptions.Pattern)), _pattern);
        Add(_seconds);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string[] configs = Names(parse.GetValue(_configs)!, "--configs", BenchConfig.All.Select(c => c.Name));
        string? pattern = parse.GetValue(_pattern);
        string[] what = Names(parse.GetValue(_what) ?? (pattern is null ? "train,sample" : "write"), "--what",
            ["train", "sample", "write"]);
        if (pattern is not null && !what.Contains("write", StringComparer.Ordinal))
            throw new UsageException("--pattern is for texts: say --what write, or leave --what out.");
        double seconds = parse.GetValue(_seconds) ?? 5;
        if (seconds is not (> 0 and <= 3600))
            throw new UsageException($"--seconds must be above 0 and at most 3600, but is {seconds}.");
        var device = new DeviceOptions();
        _device.Apply(parse, device);

        foreach (BenchConfig config in BenchConfig.All.Where(c => configs.Contains(c.Name, StringComparer.Ordinal)))
        {
            if (what.Contains("train", StringComparer.Ordinal))
            {
                EngineChoice choice = EngineSelector.Default.ForTraining(device, log: null);
                Print(context, choice, config, "train", null, new Benchmark(choice, config, seconds).Train());
            }

            foreach (int texts in what.Contains("sample", StringComparer.Ordinal) ? Batches : [])
            {
                context.Stop.ThrowIfCancellationRequested();
                EngineChoice choice = EngineSelector.Default.ForInference(device, log: null);
                Print(context, choice, config, "sample", texts, new Benchmark(choice, config, seconds).Sample(texts));
            }

            foreach (int texts in what.Contains("write", StringComparer.Ordinal) ? Batches : [])
            {
                context.Stop.ThrowIfCancellationRequested();
                EngineChoice choice = EngineSelector.Default.ForInference(device, log: null);
                string?[] patterns = pattern is null ? [null] : [null, pattern];
                double[] rates = new WritingBenchmark(choice, config, seconds).Run(texts, patterns);
                foreach ((string? with, double rate) in patterns.Zip(rates))
                    Print(context, choice, config, "write", texts, rate, with);
            }

            context.Stop.ThrowIfCancellationRequested();
        }

        return ExitCode.Success;
    }

    private static string[] Names(string list, string option, IEnumerable<string> known)
    {
        string[] names = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] unknown = [.. names.Except(known, StringComparer.Ordinal)];
        if (names.Length == 0 || unknown.Length > 0)
            throw new UsageException($"{option}: '{(names.Length == 0 ? list : unknown[0])}' is not known. Choose from "
                + $"{string.Join(", ", known)}.");
        return names;
    }

    private static void Print(CommandContext context, EngineChoice choice, BenchConfig config, string what, int? texts, double rate,
        string? pattern = null)
    {
        JsonLine.Write(context.Output, json =>
        {
            json.WriteString("engine", choice.Engine.Kind.ToString().ToLowerInvariant());
            json.WriteString("device", choice.Device.ToString());
            json.WriteString("what", what);
            json.WriteString("config", config.Name);
            if (texts is int batch)
                json.WriteNumber("batch", batch);
            if (pattern is not null)
                json.WriteString("pattern", pattern);
            json.WriteNumber("threads", choice.Threads);
            json.WriteNumber("chars_per_s", Math.Round(rate));
        });
        context.Output.Flush();
    }
}
