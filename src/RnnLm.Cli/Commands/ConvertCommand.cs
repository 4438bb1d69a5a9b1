using System.CommandLine;
using System.Text;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.Files;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Onnx;
using RnnLm.Onnx.Models;
using RnnLm.PyTorch;
using RnnLm.SafeTensors;

namespace RnnLm.Cli.Commands;

/// <summary>Turns a model file into one safetensors file with PyTorch's names, and such files, of our own or of PyTorch, into model
/// files; and model files into ONNX.</summary>
internal sealed class ConvertCommand : CliCommand
{
    private const string Extension = ".safetensors", OnnxExtension = ".onnx", TorchExtension = ".pth", OtherTorchExtension = ".pt";

    private readonly Argument<string> _input = new("INPUT") { Description = "model file, or weights in safetensors or of PyTorch (.pth)" };
    private readonly Argument<string> _output =
        new("OUTPUT") { Description = "file to write: NAME.safetensors, NAME.pth, NAME.onnx, or else a model file" };
    private readonly Option<string?> _vocabulary = new("--vocabulary")
    {
        Description = "tokens that the rows of a PyTorch model stand for: a JSON list, or one in each line [the file's own]",
        HelpName = "FILE"
    };
    private readonly Option<Nonlinearity?> _nonlinearity =
        OptionGroup.Make<Nonlinearity?>("--nonlinearity", "activation of a plain RNN of PyTorch, read with --vocabulary [tanh]");
    private readonly Option<string?> _config = new("--config")
    {
        Description = "config.json of the model that the weights are for, as 'inspect --json' prints it [the weights' own]",
        HelpName = "FILE"
    };
    private readonly Option<string[]> _rename = new("--rename")
    {
        Description = "tensors of this module in the file stand for that module of the model, or are left out (NAME=); may be repeated",
        HelpName = "NAME=MODULE",
        DefaultValueFactory = _ => []
    };
    private readonly Option<OnnxGraph?> _graph =
        OptionGroup.Make<OnnxGraph?>("--graph",
            "what the ONNX file reads: texts, ids of characters, or one id and the state before it [text]");
    private readonly Option<Pooling?> _features =
        OptionGroup.Make<Pooling?>("--features", "write to ONNX, of a language model, the features of a text in place of its score");
    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace the output if it exists" };

    public ConvertCommand()
        : base("convert", "turns a model file into safetensors with PyTorch's names, a state_dict of PyTorch or ONNX; or weights in "
            + "safetensors or of PyTorch into a model file.")
    {
        Examples =
        [
            "rnnlm convert shakespeare.zip shakespeare.safetensors",
            "rnnlm convert shakespeare.safetensors shakespeare.zip",
            "rnnlm convert pytorch.safetensors model.zip --config config.json --rename emb=embedding --rename out=output",
            "rnnlm convert pytorch.pth model.zip --vocabulary chars.json --rename decoder=output",
            "rnnlm convert shakespeare.zip shakespeare.pth",
            "rnnlm convert shakespeare.zip shakespeare.onnx --graph step",
        ];
        Add(_input);
        Add(_output);
        Add(_config);
        Add(_vocabulary);
        Add(_nonlinearity);
        Add(_rename);
        Add(_graph);
        Add(_features);
        Add(_force);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string input = parse.GetValue(_input)!, output = parse.GetValue(_output)!;
        if (!InputFile.Exists(input))
            throw new UsageException($"'{input}' {InputFile.Missing(input)}. Give a model file, or weights in safetensors or of PyTorch.");
        OutputFile.RefuseStandardOutput(output, _output.Name);
        bool reads = IsWeights(input), writes = IsWeights(output), exports = Is(OnnxExtension, output);
        if (Is(OnnxExtension, input))
            throw new UsageException($"'{input}' can't be read: files of ONNX are written alone. Give the model file that it was made of.");
        if (reads == writes && !exports)
            throw new UsageException($"of '{input}' and '{output}' one has to be named {Extension}, {TorchExtension} or "
                + $"{OtherTorchExtension}, and the other be a "
                + $"model file; or name the output {OnnxExtension}.");
        OnnxGraph? graph = parse.GetValue(_graph);
        Pooling? features = parse.GetValue(_features);
        if (!exports && (graph is not null || features is not null))
            throw new UsageException($"--graph and --features go with an output named {OnnxExtension}.");
        string? config = parse.GetValue(_config), vocabulary = parse.GetValue(_vocabulary);
        string[] renames = parse.GetValue(_rename)!;
        if (!reads && (config is not null || renames.Length > 0))
            throw new UsageException("--config and --rename go with weights in safetensors or of PyTorch as the input.");
        if (vocabulary is not null && (!IsTorch(input) || config is not null))
            throw new UsageException($"--vocabulary goes with an input named {TorchExtension}, and without --config, which has one.");
        if (vocabulary is null && parse.GetValue(_nonlinearity) is not null)
            throw new UsageException("--nonlinearity goes with --vocabulary; a config.json has its own.");

        using OutputFile file = OutputFile.Reserve(output, [input, .. new[] { config, vocabulary }.OfType<string>()],
            parse.GetValue(_force), context, _output.Name);
        SavedModel model = IsTorch(input)
                ? ReadTorch(input, vocabulary, config, Modules(renames), parse.GetValue(_nonlinearity), context)
            : reads ? ReadSafeTensors(input, config, Modules(renames))
            : ModelFile.Read(input, context);
        if (features is { } pooling)
        {
            ModelKind.LanguageModel.Require(model, input);
            OnnxFile.SaveFeatures(output, model, graph ?? OnnxGraph.Text, pooling, allLayers: false);
        }
        else if (exports)
            OnnxFile.Save(output, model, graph ?? OnnxGraph.Text);
        else if (IsTorch(output))
            SaveTorch(output, model, context);
        else if (writes)
            AtomicFile.Write(output, new SavedModelWriter(model).WriteSafeTensors);
        else
            ModelArchive.Save(output, model);
        context.Say($"Saved {output}");
        return ExitCode.Success;
    }

    private static bool IsWeights(string path) => Is(Extension, path) || IsTorch(path);

    private static bool IsTorch(string path) => Is(TorchExtension, path) || Is(OtherTorchExtension, path);

    private static bool Is(string extension, string path) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static ModuleNames Modules(string[] renames)
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string rename in renames)
        {
            string[] names = rename.Split('=');
            if (names.Length != 2 || names[0].Length == 0 || !modules.TryAdd(names[0], names[1]))
                throw new UsageException($"--rename takes NAME=MODULE, or NAME= to leave it out, each NAME once, but got '{rename}'.");
        }

        return new ModuleNames(modules);
    }

    private static SavedModel ReadTorch(
        string path, string? vocabulary, string? config, ModuleNames modules, Nonlinearity? nonlinearity, CommandContext context)
    {
        if (vocabulary is not null && !InputFile.Exists(vocabulary))
            throw new UsageException($"'{vocabulary}' {InputFile.Missing(vocabulary)}. Give a file with the tokens of the model.");
        return TorchModel.Read(path, vocabulary is null ? null : TorchVocabulary.Read(vocabulary),
            config is null ? null : File.ReadAllBytes(config), modules, nonlinearity,
            new TorchWords("--vocabulary", "--nonlinearity", (module, part) => $"--rename {module}={part}", vocabulary),
            note => context.Say($"note: of '{path}', {note}"));
    }

    private static void SaveTorch(string path, SavedModel model, CommandContext context)
    {
        AtomicFile.Write(path, stream => TorchModel.Write(stream, model));
        if (model.TrainingText is not null)
            context.Warn("the filter of the training text is left out: a file of PyTorch holds weights alone.");
    }

    private static SavedModel ReadSafeTensors(string path, string? configPath, ModuleNames modules)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var reader = new SafeTensorsReader(stream, stream.Length);
            byte[] config = configPath is not null ? File.ReadAllBytes(configPath)
                : reader.Metadata.TryGetValue(SavedModelReader.ConfigKey, out string? own) ? Encoding.UTF8.GetBytes(own)
                : throw new UsageException($"'{path}' was not written by rnnlm, so it does not say what model its weights are for. Give "
                + "the config.json of a model of the same shape by --config; 'rnnlm inspect MODEL --json' prints one.");
            modules.Check(reader.Tensors.Select(tensor => tensor.Name));
            return SavedModelReader.Read(config, reader, modules.Rename, module => $"--rename {module}=");
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{path}' can't be read: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
