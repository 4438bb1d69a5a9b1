using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>How rows are read and their results written, as options of a command: those of the group, and the short ones.</summary>
internal sealed class RowFormatOptions
{
    private readonly Option<bool> _json = CommonOptions.Json("write lines of JSON: short for --output-format jsonl");
    private readonly Option<bool> _jsonLines = new("--jsonl")
    {
        Description = "read and write lines of JSON: short for --input-format jsonl --output-format jsonl",
    };

    /// <summary>Gets the group.</summary>
    public OptionGroup<RowOptions> Group { get; } = RowOptionGroup.Create();

    /// <summary>Gets the short options.</summary>
    public IReadOnlyList<Option> Short => [_json, _jsonLines];

    /// <summary>Returns the option that asks for the format of the results.</summary>
    public string Asking(ParseResult parse) => parse.GetValue(_jsonLines) ? _jsonLines.Name : parse.GetValue(_json) ? _json.Name
        : "--output-format";

    /// <summary>Returns what was asked for.</summary>
    /// <exception cref="UsageException">Options contradict each other, or are out of range.</exception>
    public RowOptions Read(ParseResult parse)
    {
        var options = new RowOptions();
        Group.Apply(parse, options);
        bool lines = parse.GetValue(_jsonLines), json = lines || parse.GetValue(_json);
        if (lines && options.InputFormat is not (InputFormat.Auto or InputFormat.Jsonl))
            throw new UsageException("--jsonl and --input-format contradict each other: leave one out.");
        if (json && options.OutputFormat is not (OutputFormat.Auto or OutputFormat.Jsonl))
            throw new UsageException($"{Asking(parse)} and --output-format contradict each other: leave one out.");
        if (lines)
            options.InputFormat = InputFormat.Jsonl;
        if (json)
            options.OutputFormat = OutputFormat.Jsonl;
        if (options.Errors is not null && options.OnError != OnError.Skip)
            throw new UsageException("--errors is for --on-error skip. Say that too.");
        if (options.BatchSize is < 1 or > 4096)
            throw new UsageException($"--batch-size must be from 1 to 4096, but is {options.BatchSize}.");
        return options;
    }
}
