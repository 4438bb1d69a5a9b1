using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Shards;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Files;
using RnnLm.Managed;
using RnnLm.Runtime;

namespace RnnLm.Cli.Commands;

/// <summary>
/// A command that answers rows. All of them read the same forms of rows and write the same forms of results, in the order of the rows, with
/// the columns that came in.
/// </summary>
internal abstract class RowCommand : CliCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "files of rows, or folders of them; - for the standard input [-]: text, tables (*.csv, *.tsv) or lines of JSON "
            + "(*.jsonl)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _texts;
    private readonly Option<string?> _condition = new("--condition", "-c")
    {
        Description = "condition of the rows that have none of their own, for a model that has them",
        HelpName = "NAME",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "file for the results, or the folder for the parts of --shard; without it they go to the standard output",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace files that are there" };
    private readonly Option<bool> _json = CommonOptions.Json("write lines of JSON: short for --output-format jsonl");
    private readonly Option<bool> _jsonLines = new("--jsonl")
    {
        Description = "read and write lines of JSON: short for --input-format jsonl --output-format jsonl",
    };

    private readonly ShardOptions _shards = new();
    private readonly OptionGroup<RowOptions> _rows = RowOptionGroup.Create();
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    /// <param name="name">The name of the command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="textName">What its texts are called where they have no other name.</param>
    /// <param name="without">The options of rows that it does not have.</param>
    protected RowCommand(string name, string description, string textName = "text", params string[] without)
        : this(name, description, [OutputFormat.Npy, OutputFormat.Safetensors], textName, without)
    {
    }

    /// <param name="name">The name of the command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="withoutFormats">The formats of results that it can't write.</param>
    /// <param name="textName">What its texts are called where they have no other name.</param>
    /// <param name="without">The options of rows that it does not have.</param>
    protected RowCommand(string name, string description, OutputFormat[] withoutFormats, string textName, params string[] without)
        : base(name, description)
    {
        TextName = textName;
        string[] aliases = textName == "text" ? ["-t"] : [$"-{textName[0]}", "--text", "-t"];
        _texts = new($"--{textName}", aliases) { Description = "text in place of files; may be given several times" };
        _rows.Without(without).WithoutValues(nameof(RowOptions.OutputFormat), withoutFormats);
        Add(_model);
        Add(_inputs);
        foreach (Option option in (Option[])[_texts, _output, _force, _json, _jsonLines])
            Add(option);
        if (!without.Contains(nameof(RowOptions.Conditions)))
            Add(_condition);
    }

    /// <summary>Gets what texts are called where they have no other name.</summary>
    protected string TextName { get; }

    /// <summary>Gets the text that is answered where no other is given and the standard input is empty; null for none.</summary>
    protected virtual string? UsualText => null;

    /// <summary>Returns the files that the command reads besides model and rows, and the options that name them.</summary>
    protected virtual IEnumerable<(string Option, string Path)> OtherInputs(ParseResult parse) => [];

    /// <summary>Returns the files that the command writes besides results and errors, and the options that name them.</summary>
    protected virtual IEnumerable<(string Option, string Path)> OtherOutputs(ParseResult parse) => [];

    /// <summary>Adds the options that all such commands have, after the command's own.</summary>
    protected void AddRowGroups()
    {
        AddGroup(_rows);
        AddGroup(_shards);
        AddGroup(_device);
    }

    /// <summary>Returns whether there is something to do where no rows are named, so that the standard input is not read.</summary>
    protected virtual bool IsDoneWithoutRows(ParseResult parse) => false;

    /// <summary>Returns the first option that is given and is about rows or results, or null.</summary>
    protected Option? RowOptionGiven(ParseResult parse) =>
        ((IEnumerable<Option>)[_texts, _output, _force, _json, _jsonLines, .. _rows.Options, .. _shards.Options])
            .FirstOrDefault(option => parse.GetResult(option) is { Implicit: false });

    /// <summary>Checks what was asked for, as far as that can be done before the model is loaded.</summary>
    /// <exception cref="UsageException">Something does not go together.</exception>
    protected virtual void Check(ParseResult parse, RowOptions options)
    {
    }

    /// <summary>Loads the model, and makes what answers rows.</summary>
    protected abstract RowTask Open(RowCall call);

    /// <summary>Answers on a terminal as someone types, where the command can do that.</summary>
    /// <returns>The exit code; null where it is not asked for.</returns>
    protected virtual int? Talk(RowCall call) => null;

    public override int Run(ParseResult parse, CommandContext context)
    {
        RowOptions options = ReadOptions(parse);
        string[] texts = parse.GetValue(_texts) ?? [], inputs = parse.GetValue(_inputs) ?? [];
        if (texts.Length > 0 && inputs.Length > 0)
            throw new UsageException($"give texts by {_texts.Name}, or files, not both.");
        Check(parse, options);
        OutputFile.RefuseSame([(_output.Name, parse.GetValue(_output)), ("--errors", options.Errors), .. OtherOutputs(parse)]);
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        var call = new RowCall(parse, parse.GetValue(_model)!, options, device, Options.Contains(_condition) ? parse.GetValue(_condition)
            : null, context) { Texts = texts, HasRows = texts.Length + inputs.Length > 0 };
        if (Talk(call) is { } code)
            return code;
        if (!call.HasRows && IsDoneWithoutRows(parse))
        {
            RefuseTwice(parse, []);
            Open(call with { Inputs = [call.ModelPath, .. OtherInputs(parse).Select(other => other.Path)] }).Dispose();
            return ExitCode.Success;
        }

        bool isTyped = texts.Length > 0 || (context.IsInputTerminal && (inputs.Length == 0 || inputs.Contains(TextFile.StandardInput)));
        if (texts.Length == 0 && inputs.Length == 0 && context.IsInputTerminal)
        {
            texts = UsualText is { } usual ? [usual] : throw new UsageException(
                $"INPUT is missing: name a file or folder of rows, - for the standard input, or a text by {_texts.Name}. "
                + $"See 'rnnlm {Name} --help'.");
        }

        RefuseTwice(parse, texts.Length > 0 ? [] : inputs.Length == 0 ? [TextFile.StandardInput] : inputs);
        IReadOnlyList<RowFile> files = texts.Length > 0 ? []
            : RowSource.Find(inputs.Length == 0 ? [TextFile.StandardInput] : inputs, options, context, _texts.Name);
        call = call with { Inputs = [call.ModelPath, .. files.Select(file => file.Path).OfType<string>(),
            .. OtherInputs(parse).Select(other => other.Path)] };
        string? path = parse.GetValue(_output);
        Shard? shard = _shards.Find(parse, context);
        if (shard is not null)
            RequireParts(path, files, inputs, options, parse);
        using OutputFile? errors = Reserve(options.Errors, "--errors", call);
        using OutputFile? output = shard is null ? Reserve(path, _output.Name, call) : null;
        EngineChoice engine = EngineSelector.Default.ForInference(device, log: null);
        // The managed engine is run by several threads side by side, each with rows of its own.
        int threads = isTyped || engine.Engine is not ManagedEngine ? 1 : engine.Threads;
        using RowTask task = Open(call);
        RowNames names = Names(task.NeedsTargets);
        WarnOfConditions(call, task, files);
        var source = new RowSource(files, texts, options, names,
            OtherInputs(parse).Any()) { TextIfEmpty = inputs.Length == 0 ? UsualText : null };
        var parser = new RowParser(options, names, task.Conditions, call.Condition, context);
        IEnumerable<RawRow> rows = source.Read();
        ResultLayout layout = ResultLayouts.Choose(task, options, source, parser, path, shard is not null, ref rows);
        var pipeline = new RowPipeline(task, parser, layout.NewBlock, context)
        {
            Threads = threads,
            Skips = options.OnError == OnError.Skip,
            OneByOne = isTyped,
        };
        var run = new RowRun(source, pipeline, layout, context);
        if (shard is { } share)
        {
            if (task.IsRandom)
                throw new UsageException($"{Shard.Option} needs --seed: without one, each share would draw in its own way.");
            var part = new RowPart(source, layout, run, context) { Overwrites = _shards.Overwrites(parse), Skips = pipeline.Skips };
            part.Write(share, path!, call.Inputs, Settings(call, source), rows);
            return ExitCode.Success;
        }

        WithErrors(errors, run, () =>
        {
            if (output is null)
                run.Write(context.Output, rows);
            else
                output.Write(stream => run.Write(stream, rows));
        });
        if (task.Conclusion is { } conclusion && layout.Format == OutputFormat.Text)
            context.Conclude(conclusion);
        return ExitCode.Success;
    }

    private static void WarnOfConditions(RowCall call, RowTask task, IReadOnlyList<RowFile> files)
    {
        bool areRead = call.Options.Conditions || files.Any(file => file.Format != InputFormat.Text);
        if (task.Conditions.Count > 0 && call.Condition is null && !areRead)
        {
            call.Context.Warn($"'{call.ModelPath}' has conditions, and none is given: texts are taken without one. Name one by "
                + "--condition; where lines begin with a condition and a tab, say --conditions.");
        }
    }

    /// <summary>Returns all that the results depend on: options, but for those that say where results go, or how fast, and
    /// files.</summary>
    private Dictionary<string, string> Settings(RowCall call, RowSource source)
    {
        Dictionary<string, string> settings = RunSettings.Of(call.Parse, Options.Except([_output, _force, .. _shards.Options])
            .Where(option => option.Name is not ("--errors" or "--threads" or "--batch-size")));
        settings["rnnlm"] = RunSettings.Version;
        settings["the command"] = Name;
        settings["the content of the input"] = RunSettings.HashOf(source.Paths);
        settings["the content of the model"] = RunSettings.HashOf(call.ModelPath);
        foreach ((_, string path) in OtherInputs(call.Parse))
            settings[$"the content of '{path}'"] = RunSettings.HashOf(path);
        return settings;
    }

    /// <summary>Refuses a standard input or a pipe that is named twice. Where no rows are named, they are the standard input.</summary>
    private void RefuseTwice(ParseResult parse, IEnumerable<string> inputs) => InputFile.RefuseTwice(
        [.. OtherInputs(parse).Select(other => ((OptionMessage)other.Option, other.Path)),
            .. inputs.Select(input => ((OptionMessage)(parse.GetValue(_inputs) is { Length: > 0 } ? _inputs.Name
                : $"{_inputs.Name}, which is the standard input where no file is named,"), input))]);

    private void RequireParts(string? path, IReadOnlyList<RowFile> files, string[] inputs, RowOptions options, ParseResult parse)
    {
        (string option, string other) = OtherInputs(parse).FirstOrDefault(
            given => given.Path == InputFile.StandardInput || InputFile.IsReadOnce(given.Path));
        if (option is not null)
            throw new UsageException($"{Shard.Option} needs what each share reads in files, but {option} names '{other}'.");

        if (files.Count == 0 || files.Any(file => file.Length is null))
            throw new UsageException($"{Shard.Option} reads the rows twice, to count them first, so they must be in files: name one.");
        if (path is null)
            throw new UsageException($"{Shard.Option} writes a part file: name the folder for it by {_output.Name}.");
        if (inputs.FirstOrDefault(input => Directory.Exists(input) && IsWithin(path, input)) is { } read)
            throw new UsageException($"'{path}' is in the folder '{read}', of which all files are read: the parts would become rows. Name "
                + $"another folder by {_output.Name}.");
        if (options.Errors is not null)
            throw new UsageException($"with {Shard.Option}, the rows that are left out are written beside the part: leave --errors out. "
                + "rnnlm merge --errors joins them.");
    }

    private static bool IsWithin(string path, string folder)
    {
        for (string? at = Path.GetFullPath(path); at is not null; at = Path.GetDirectoryName(at))
        {
            if (FileIdentity.AreSame(at, folder))
                return true;
        }

        return false;
    }

    /// <summary>Returns what the parts of a row are called.</summary>
    protected RowNames Names(bool withTargets) =>
        new([.. ((string[])[TextName, "text", Capital(TextName), "Text"]).Distinct(StringComparer.Ordinal)],
            withTargets ? ["target", "Target"] : null);

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static void WithErrors(OutputFile? errors, RowRun run, Action write)
    {
        if (errors is null)
        {
            write();
            return;
        }

        errors.Write(stream =>
        {
            run.Errors = stream;
            write();
        });
    }

    /// <summary>Sees to a file that is to be written.</summary>
    protected OutputFile? Reserve(string? path, string option, RowCall call) =>
        path is null ? null : OutputFile.Reserve(path, call.Inputs, call.Parse.GetValue(_force), call.Context, option);

    private RowOptions ReadOptions(ParseResult parse)
    {
        var options = new RowOptions();
        _rows.Apply(parse, options);
        bool lines = parse.GetValue(_jsonLines);
        if (lines && options.InputFormat is not (InputFormat.Auto or InputFormat.Jsonl))
            throw new UsageException("--jsonl and --input-format contradict each other: leave one out.");
        if ((lines || parse.GetValue(_json)) && options.OutputFormat is not (OutputFormat.Auto or OutputFormat.Jsonl))
            throw new UsageException($"{(lines ? _jsonLines.Name : _json.Name)} and --output-format contradict each other: leave one out.");
        if (lines)
            options.InputFormat = InputFormat.Jsonl;
        if (lines || parse.GetValue(_json))
            options.OutputFormat = OutputFormat.Jsonl;
        if (options.Errors is not null && options.OnError != OnError.Skip)
            throw new UsageException("--errors is for --on-error skip. Say that too.");
        if (options.BatchSize is < 1 or > 4096)
            throw new UsageException($"--batch-size must be from 1 to 4096, but is {options.BatchSize}.");
        return options;
    }
}
