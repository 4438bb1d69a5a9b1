using System.CommandLine;
using System.Globalization;
using RnnLm.Cli.Options;
using RnnLm.Cli.Privacy;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Files;

namespace RnnLm.Cli.Commands;

/// <summary>Plants canaries in a training file.</summary>
internal sealed class PlantCommand : CliCommand
{
    private readonly Argument<string> _input =
        new("TRAIN") { Description = "training file: text, whose lines are the rows, or a table (*.csv)" };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "file to write, the training file with canaries among its rows",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _canaries = new("--canaries")
    {
        Description = "file to write with the canaries, for rnnlm privacy [the output's name with .canaries.json]",
        HelpName = "FILE",
    };

    private readonly Option<string> _format = new("--canary-format")
    {
        Description = "form of the canaries, with a random part as in a regular expression: 'my number is [0-9]{6}'; in pairs, \\t stands "
            + "between input and target",
        HelpName = "TEXT",
        Required = true,
    };

    private readonly Option<int?> _count = OptionGroup.Make<int?>("--per-repeats", "canaries for each number of repeats [10]", "-k");
    private readonly Option<string> _repeats = new("--repeats")
    {
        Description = "how often canaries are planted, those of each number by themselves; 0 for some that are not, to compare with "
            + "[0,1,10]",
        HelpName = "A,B",
        DefaultValueFactory = _ => "0,1,10",
    };

    private readonly Option<long?> _seed = OptionGroup.Make<long?>("--seed", "seed of the canaries and their places [1]");
    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace the outputs if they exist" };
    private readonly OptionGroup<SourceOptions> _source = SourceOptionGroup.Create(training: false)
        .Without(nameof(SourceOptions.LabelColumn));

    public PlantCommand()
        : base("plant", "plants canaries, made-up rows, in a training file. Train on the file that it writes, and rnnlm privacy tells how "
            + "much of them the model remembers.")
    {
        Examples =
        [
            "rnnlm plant names.txt --canary-format 'Smith[0-9]{6}' -o planted.txt",
            "rnnlm plant orders.csv --text-column Message --canary-format 'card [0-9]{4} [0-9]{4}' -k 5 --repeats 0,1,4,16 -o planted.csv",
        ];
        Add(_input);
        foreach (Option option in (Option[])[_output, _canaries, _format, _count, _repeats, _seed, _force])
            Add(option);
        AddGroup(_source);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string input = parse.GetValue(_input)!;
        string path = parse.GetValue(_output)!, format = parse.GetValue(_format)!;
        string list = parse.GetValue(_canaries) ?? Path.ChangeExtension(path, ".canaries.json");
        int[] repeats = Repeats(parse.GetValue(_repeats)!);
        var source = new SourceOptions();
        _source.Apply(parse, source);
        IReadOnlyList<TextFile> files = source.Find([input], context.Warn);
        if (files.Count != 1)
            throw new UsageException($"'{input}' has {files.Count:N0} files. Name one.");
        bool force = parse.GetValue(_force);
        using OutputFile output = OutputFile.Reserve(path, [files[0].Path], force, context);
        if (FileIdentity.AreSame(path, list))
            throw new UsageException($"--output and --canaries name one file, '{path}'. Name two.");
        using OutputFile canaryFile = OutputFile.Reserve(list, [files[0].Path], force, context, "--canaries");

        var planted = new PlantedFile(files[0], source);
        IReadOnlyList<string> conditions = planted.ReadConditions();
        CanarySet canaries = Draw(format, parse.GetValue(_count) ?? 10, repeats, parse.GetValue(_seed) ?? 1, conditions);
        canaries.FileName = Path.GetFileName(path);
        output.Write(stream => planted.Write(stream, canaries));
        canaryFile.Write(canaries.Save);
        context.Output.WriteLine($"Saved {output.Path}, with {Counted.Of(canaries.PlantedRows, "row")} planted, and {canaryFile.Path}, "
            + $"with {Counted.Of(canaries.Canaries.Count, "canary", "canaries")}.");
        return ExitCode.Success;
    }

    private static CanarySet Draw(string format, int count, int[] repeats, long seed, IReadOnlyList<string> conditions)
    {
        if (count < 1)
            throw new UsageException($"--per-repeats must be at least 1, but is {count}.");
        try
        {
            return CanarySet.Draw(format, count, repeats, seed, conditions);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--canary-format: {e.Message}");
        }
    }

    private static int[] Repeats(string list)
    {
        int[] repeats = [.. list.Split(',', StringSplitOptions.TrimEntries)
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int times) && times <= 1_000_000
                ? times
                : -1)];
        return Array.TrueForAll(repeats, times => times >= 0) && repeats.Distinct().Count() == repeats.Length ? repeats
            : throw new UsageException($"--repeats takes different whole numbers from 0 to 1,000,000, such as 0,1,10, but got '{list}'.");
    }
}
