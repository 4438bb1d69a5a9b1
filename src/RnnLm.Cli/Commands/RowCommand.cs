using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Shards;
using RnnLm.Cli.Terminal;
using RnnLm.Engines;
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
    private readonly Option<string?> _condition = new("--condition", "-c")
    {
        Description = "condition of the rows that have none of their own, for a model that has them",
        HelpName = "NAME",
    };

    private readonly RowInputs _inputs;
    private readonly RowOutputs _outputs = new();
    private readonly RowFormatOptions _formats = new();
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
        _inputs = new(textName);
        _formats.Group.Without(without).WithoutValues(nameof(RowOptions.OutputFormat), withoutFormats);
        Add(_model);
        Add(_inputs.Files);
        foreach (Option option in (Option[])[_inputs.Texts, .. _outputs.Options, .. _formats.Short])
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
        AddGroup(_formats.Group);
        AddGroup(_outputs.Shards);
        AddGroup(_device);
    }

    /// <summary>Returns whether there is something to do where no rows are named, so that the standard input is not read.</summary>
    protected virtual bool IsDoneWithoutRows(ParseResult parse) => false;

    /// <summary>Returns the first option that is given and is about rows or results, or null.</summary>
    protected Option? RowOptionGiven(ParseResult parse) =>
        ((IEnumerable<Option>)[_inputs.Texts, .. _outputs.All, .. _formats.Short, .. _formats.Group.Options])
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

    /// <summary>Makes sure that a file can be written; null where none is named.</summary>
    /// <exception cref="UsageException">It is there already, or is one of the inputs.</exception>
    protected OutputFile? Reserve(string? path, string option, RowCall call) => _outputs.Reserve(path, option, call);

    public override int Run(ParseResult parse, CommandContext context)
    {
        RowOptions options = _formats.Read(parse);
        AskedRows asked = _inputs.Read(parse);
        Check(parse, options);
        _outputs.Check(parse, options, _formats.Asking(parse), OtherOutputs(parse));
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        var call = new RowCall(parse, parse.GetValue(_model)!, options, device, Options.Contains(_condition) ? parse.GetValue(_condition)
            : null, context) { Texts = asked.Texts, HasRows = asked.Any };
        if (Talk(call) is { } code)
            return code;
        if (call.HasRows || !IsDoneWithoutRows(parse))
            Answer(call, asked);
        else
        {
            _inputs.RefuseTwice([], areNamed: false, OtherInputs(parse));
            Open(WithInputs(call, [])).Dispose();
        }

        return ExitCode.Success;
    }

    private void Answer(RowCall call, AskedRows asked)
    {
        (ParseResult parse, CommandContext context) = (call.Parse, call.Context);
        bool areTyped = asked.AreTyped(context);
        if (!asked.Any && context.IsInputTerminal)
            asked = _inputs.OrUsual(asked, UsualText, this);
        _inputs.RefuseTwice(asked.Sources, asked.Inputs.Count > 0, OtherInputs(parse));
        IReadOnlyList<RowFile> files = _inputs.Find(asked, call.Options, context);
        call = WithInputs(call, files);
        Shard? shard = _outputs.FindShard(call, files, asked, OtherInputs(parse));
        using OutputFile? errors = Reserve(call.Options.Errors, "--errors", call);
        using OutputFile? output = shard is null ? _outputs.Reserve(call) : null;
        EngineChoice engine = EngineSelector.Default.ForInference(call.Device, log: null);
        using RowTask task = Open(call);
        var names = RowNames.Of(TextName, task.NeedsTargets);
        call.WarnOfConditions(task, files);
        var source = new RowSource(files, asked.Texts, call.Options, names, OtherInputs(parse).Any())
        {
            TextIfEmpty = asked.Inputs.Count == 0 ? UsualText : null,
        };
        var job = new RowJob(call, task, source, names)
        {
            // The managed engine is run by several threads side by side, each with rows of its own.
            Threads = areTyped || engine.Engine is not ManagedEngine ? 1 : engine.Threads,
            OneByOne = areTyped,
        };
        if (shard is { } share)
            job.WritePart(share, _outputs.PathOf(parse)!, _outputs.Shards.Overwrites(parse), () => Settings(call, source));
        else
            job.Write(output, errors);
    }

    private RowCall WithInputs(RowCall call, IReadOnlyList<RowFile> files) => call with
    {
        Inputs = [call.ModelPath, .. files.Select(file => file.Path).OfType<string>(),
            .. OtherInputs(call.Parse).Select(other => other.Path)],
    };

    /// <summary>Returns all that the results depend on: options, but for those that say where results go, or how fast, and
    /// files.</summary>
    private Dictionary<string, string> Settings(RowCall call, RowSource source)
    {
        Dictionary<string, string> settings = RunSettings.Of(call.Parse, Options.Except(_outputs.All)
            .Where(option => option.Name is not ("--errors" or "--threads" or "--batch-size")));
        settings["rnnlm"] = RunSettings.Version;
        settings["the command"] = Name;
        settings["the content of the input"] = RunSettings.HashOf(source.Paths);
        settings["the content of the model"] = RunSettings.HashOf(call.ModelPath);
        foreach ((_, string path) in OtherInputs(call.Parse))
            settings[$"the content of '{path}'"] = RunSettings.HashOf(path);
        return settings;
    }
}
