using System.Text;
using RnnLm.Cli.Terminal;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.SafeTensors;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ConvertCommandTests()
    {
        File.WriteAllText(_folder["song.txt"],
            string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat on the log.\n", 40)));
        CliRun.Ok("train", _folder["song.txt"], "--output", _folder["song.zip"], "--cell", "gru", "--hidden-size", "16", "--embedding-size",
            "8", "--epochs", "2", "--seed", "1", "--engine", "managed", "--keep-text-filter");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AModelComesBackWhole()
    {
        CliRun.Ok("convert", _folder["song.zip"], _folder["song.safetensors"]);
        CliRun.Ok("convert", _folder["song.safetensors"], _folder["back.zip"]);

        SavedModel before = ModelArchive.Load(_folder["song.zip"]), after = ModelArchive.Load(_folder["back.zip"]);
        Assert.Equal(before.Weights.Select(t => t.Name), after.Weights.Select(t => t.Name));
        Assert.All(before.Weights, t => Assert.Equal(t.Values, after.Weights[t.Name].Values));
        Assert.Equal(before.TrainingText?.ToBytes(), after.TrainingText?.ToBytes());
        Assert.Equal(CliRun.Ok("inspect", _folder["song.zip"], "--json").Output,
            CliRun.Ok("inspect", _folder["back.zip"], "--json").Output);
    }

    [Fact]
    public void WeightsOfAnotherProgramComeInByAConfigAndTheNamesOfModules()
    {
        SavedModel model = ModelArchive.Load(_folder["song.zip"]);
        File.WriteAllText(_folder["config.json"], CliRun.Ok("inspect", _folder["song.zip"], "--json").Output);
        using (FileStream file = File.Create(_folder["torch.safetensors"]))
        {
            WeightTensor[] renamed = [.. model.Weights.Select(t => Renamed(t, t.Name.Replace("embedding.", "net.emb.",
                StringComparison.Ordinal).Replace("output.", "net.out.", StringComparison.Ordinal)))];
            SafeTensorsWriter.Write(file, renamed, new Dictionary<string, string>(StringComparer.Ordinal));
        }

        string[] convert = ["convert", _folder["torch.safetensors"], _folder["torch.zip"]];
        CliRun without = CliRun.Of(convert);
        Assert.Equal(ExitCode.Usage, without.Code);
        Assert.Contains("--config", without.Error, StringComparison.Ordinal);
        CliRun unnamed = CliRun.Of([.. convert, "--config", _folder["config.json"]]);
        Assert.Equal(ExitCode.Fault, unnamed.Code);
        Assert.Contains("net.emb.weight", unnamed.Error, StringComparison.Ordinal);

        CliRun.Ok([.. convert, "--config", _folder["config.json"], "--rename", "net.emb=embedding", "--rename", "net.out=output"]);

        Assert.Equal(Evaluate("song.zip"), Evaluate("torch.zip").Replace("torch.zip", "song.zip", StringComparison.Ordinal));

        string Evaluate(string name) => CliRun.Ok("evaluate", _folder[name], _folder["song.txt"], "--json").Output;
    }

    /// <summary>A file has a second head; without it, and with the names of the others, it is the model.</summary>
    [Fact]
    public void AModuleOfASafetensorsFileIsLeftOut()
    {
        SavedModel model = WriteWeights(weights => [.. weights, new("aux.head.weight", 3, 16), new("aux.head.bias", 3)]);

        Refused("'aux.head.weight' of shape [3, 16] has no place in it (--rename aux.head= leaves it out); 'aux.head.bias' of shape [3] "
            + "has no place in it (--rename aux.head= leaves it out).");
        Refused("it has no module 'head'", "--rename", "head=");
        Refused($"'output.weight' of shape [{model.Config.VocabularySize}, 16] is missing; 'output.bias' of shape "
            + $"[{model.Config.VocabularySize}] is missing.", "--rename", "aux=", "--rename", "output=");
        Refused("'output.bias' and 'aux.head.bias' stand for one tensor, 'output.bias'; 'aux.head.bias' is of shape [3], not "
            + $"[{model.Config.VocabularySize}].", "--rename", "aux.head=output");

        CliRun.Ok("convert", _folder["w.safetensors"], _folder["new.zip"], "--config", _folder["config.json"], "--rename", "aux=");
        ModelWeights read = ModelArchive.Load(_folder["new.zip"]).Weights;
        Assert.Equal(model.Weights.Select(tensor => tensor.Name), read.Select(tensor => tensor.Name));
        Assert.All(model.Weights, tensor => Assert.Equal(tensor.Values, read[tensor.Name].Values));
    }

    [Fact]
    public void AllDifferencesOfASafetensorsFileComeInOneMessage()
    {
        WriteWeights(weights => [.. weights.Where(tensor => tensor.Name != "rnn.bias_hh_l0")
            .Select(tensor => tensor.Name == "rnn.weight_hh_l0" ? new("rnn.weight_hh_l0", 16, 16) : tensor), new("extra", 2)]);

        Refused("its tensors are not those of the model in config.json: 'rnn.weight_hh_l0' is of shape [16, 16], not [48, 16]; "
            + "'rnn.bias_hh_l0' of shape [48] is missing; 'extra' of shape [2] has no place in it.");
    }

    [Fact]
    public void AModelGoesToPyTorchAndComesBack()
    {
        Assert.Contains("the filter of the training text is left out", CliRun.Ok("convert", _folder["song.zip"], _folder["song.pth"]).Error,
            StringComparison.Ordinal);
        CliRun.Ok("convert", _folder["song.pth"], _folder["back.zip"]);

        SavedModel before = ModelArchive.Load(_folder["song.zip"]), after = ModelArchive.Load(_folder["back.zip"]);
        Assert.All(before.Weights, t => Assert.Equal(t.Values, after.Weights[t.Name].Values));
        Assert.Equal(CliRun.Ok("inspect", _folder["song.zip"], "--json").Output,
            CliRun.Ok("inspect", _folder["back.zip"], "--json").Output);
    }

    /// <summary>Labels, pooling and directions are in the record that PyTorch passes over.</summary>
    [Theory]
    [InlineData("last", "true")]
    [InlineData("max", "false")]
    public void AClassifierGoesToPyTorchAndComesBack(string pooling, string bidirectional)
    {
        File.WriteAllText(_folder["rows.csv"], "text,label\n"
            + string.Concat(Enumerable.Range(0, 60)
            .Select(i => i % 2 == 0 ? $"{i}-{i * 7},number\n" : $"word{(char)('a' + (i % 26))},word\n")));
        CliRun.Ok("train", _folder["rows.csv"], "--output", _folder["c.zip"], "--task", "classify", "--text-column", "text",
            "--label-column", "label", "--pooling", pooling,
            "--bidirectional", bidirectional, "--hidden-size", "8", "--epochs", "2", "--seed", "1", "--engine", "managed");
        File.WriteAllText(_folder["texts.txt"], "12-84\nwordy\n\nwhat is it?\n");

        CliRun.Ok("convert", _folder["c.zip"], _folder["c.pth"]);
        CliRun.Ok("convert", _folder["c.pth"], _folder["back.zip"]);

        Assert.Equal(CliRun.Ok("inspect", _folder["c.zip"], "--json").Output, CliRun.Ok("inspect", _folder["back.zip"], "--json").Output);
        Assert.Equal(Classify("c.zip"), Classify("back.zip"));
        Assert.Contains("number", Classify("back.zip"), StringComparison.Ordinal);

        string Classify(string name) => CliRun.Ok("classify", _folder[name], _folder["texts.txt"]).Output;
    }

    [Fact]
    public void AModelOfPyTorchComesByItsVocabulary()
    {
        string fixtures = TestData.InRepository("tests", "RnnLm.Tests", "Fixtures", "pytorch", "1.13");
        File.WriteAllText(_folder["chars.txt"], "h\ne\nl\no\n \n\\n\né\n");
        string[] convert = ["convert", Path.Combine(fixtures, "rnn-relu-tied.pth"), _folder["new.zip"], "--vocabulary",
            _folder["chars.txt"]];
        CliRun.Ok([.. convert, "--nonlinearity", "relu", "--rename", "decoder=output"]);

        SavedModel model = ModelArchive.Load(_folder["new.zip"]);
        Assert.Equal(("helo \né", Nonlinearity.Relu, true),
            (string.Concat(model.Vocabulary.Characters), model.Config.Nonlinearity, model.Config.TieWeights));
        CliRun.Ok("sample", _folder["new.zip"], "--prompt", "hello", "--max-length", "5");

        CliRun evil = CliRun.Of("convert", Path.Combine(fixtures, "evil.pth"), _folder["evil.zip"], "--vocabulary", _folder["chars.txt"]);
        Assert.Equal(ExitCode.Fault, evil.Code);
        Assert.Contains("GLOBAL names 'posix.system'", evil.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["evil.zip"]));
        foreach ((string[] arguments, string fault) in new (string[], string)[]
        {
            (["convert", _folder["song.zip"], _folder["x.pth"], "--vocabulary", _folder["chars.txt"]], "--vocabulary goes with an input"),
            ([.. convert[..2], _folder["x.zip"], "--nonlinearity", "relu"], "--nonlinearity goes with --vocabulary"),
            ([.. convert[..2], _folder["x.zip"], "--vocabulary", _folder["gone.txt"]], "gone.txt' does not exist"),
            ([.. convert[..2], _folder["x.safetensors"]], "one has to be named .safetensors, .pth or .pt"),
        })
        {
            CliRun run = CliRun.Of(arguments);
            Assert.Equal(ExitCode.Usage, run.Code);
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatDoesNothingOrContradictsAFileOfPyTorchIsRefusedByTheFlag()
    {
        string lstm = TestData.InRepository("tests", "RnnLm.Tests", "Fixtures", "pytorch", "1.13", "lstm.pth");
        File.WriteAllText(_folder["chars.txt"], "h\ne\nl\no\n \n\\n\né\n");
        File.WriteAllText(_folder["twice.txt"], "h\ne\nl\no\n \n\\n\nh\n");
        CliRun.Ok("convert", _folder["song.zip"], _folder["song.pth"]);
        string[] convert = [lstm, _folder["x.zip"], "--vocabulary", _folder["chars.txt"]];
        foreach ((string[] arguments, string fault) in new (string[], string)[]
        {
            ([lstm, _folder["x.zip"]], "Give the vocabulary by --vocabulary."),
            ([lstm, _folder["x.zip"], "--vocabulary", _folder["twice.txt"]], "twice.txt' has a character more than once: 'h' (line 1), 'h' "
                + "(line 7)"),
            ([.. convert, "--rename", "nope=embedding"], "it has no module 'nope'"),
            ([.. convert, "--rename", "fc=foo"], "can't stand for 'foo'"),
            ([.. convert, "--rename", "fc="], "'output.weight' of shape [7, 4] is missing"),
            ([.. convert, "--nonlinearity", "relu"], "Leave --nonlinearity out."),
            ([_folder["song.pth"], _folder["x.zip"], "--vocabulary", _folder["chars.txt"]], "Leave --vocabulary out."),
        })
        {
            CliRun run = CliRun.Of(["convert", .. arguments]);
            Assert.Equal(ExitCode.Fault, run.Code);
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder["x.zip"]));
        }
    }

    [Fact]
    public void ATruncatedSafetensorsFileIsNamed()
    {
        CliRun.Ok("convert", _folder["song.zip"], _folder["song.safetensors"]);
        File.WriteAllBytes(_folder["cut.safetensors"], File.ReadAllBytes(_folder["song.safetensors"])[..^9]);
        string error = CliRun.Of("convert", _folder["cut.safetensors"], _folder["new.zip"]).Error;
        Assert.Contains("cut.safetensors' can't be read", error, StringComparison.Ordinal);
        Assert.Contains("Copy or download it again", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedFileAndAWrongUseAreTold()
    {
        CliRun.Ok("convert", _folder["song.zip"], _folder["song.safetensors"]);
        byte[] bytes = File.ReadAllBytes(_folder["song.safetensors"]);
        bytes[^5] ^= 1;
        File.WriteAllBytes(_folder["damaged.safetensors"], bytes);

        CliRun damaged = CliRun.Of("convert", _folder["damaged.safetensors"], _folder["new.zip"]);
        Assert.Equal(ExitCode.Fault, damaged.Code);
        Assert.Contains("checksum", damaged.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["new.zip"]));
        Assert.Equal(ExitCode.Usage, CliRun.Of("convert", _folder["song.zip"], _folder["other.zip"]).Code);
        Assert.Equal(ExitCode.Usage, CliRun.Of("convert", _folder["song.zip"], _folder["song.safetensors"]).Code);
        Assert.Equal(ExitCode.Usage, CliRun.Of("convert", _folder["song.safetensors"], _folder["new.zip"], "--rename", "a=b=c").Code);
    }

    [Theory]
    [InlineData("text", "log_probability")]
    [InlineData("ids", "lengths")]
    [InlineData("step", "next_hidden")]
    [InlineData("text --features mean", "features")]
    public void AModelIsWrittenAsTheGraphThatIsAskedFor(string options, string name)
    {
        CliRun.Ok(["convert", _folder["song.zip"], _folder["song.onnx"], "--graph", .. options.Split(' ')]);

        // Names are plain text in the file.
        Assert.Contains(name, Encoding.Latin1.GetString(File.ReadAllBytes(_folder["song.onnx"])), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatOnnxCanNotDoIsSaid()
    {
        Says(ExitCode.Usage, "--graph and --features go with", "song.zip", "song.safetensors", "--graph", "step");
        Says(ExitCode.Usage, "not one of text, ids", "song.zip", "song.onnx", "--graph", "all");
        Says(ExitCode.Fault, "no features", "song.zip", "song.onnx", "--graph", "step", "--features", "last");
        File.WriteAllText(_folder["model.onnx"], "");
        Says(ExitCode.Usage, "files of ONNX are written alone", "model.onnx", "new.zip");
        Assert.False(File.Exists(_folder["song.onnx"]));

        void Says(int code, string fault, params string[] arguments)
        {
            CliRun run = CliRun.Of(["convert", _folder[arguments[0]], _folder[arguments[1]], .. arguments[2..]]);
            Assert.Equal(code, run.Code);
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>Writes the weights of the model, changed, as another program writes them, and its config.json.</summary>
    private SavedModel WriteWeights(Func<IEnumerable<WeightTensor>, WeightTensor[]> change)
    {
        SavedModel model = ModelArchive.Load(_folder["song.zip"]);
        File.WriteAllText(_folder["config.json"], CliRun.Ok("inspect", _folder["song.zip"], "--json").Output);
        using FileStream file = File.Create(_folder["w.safetensors"]);
        SafeTensorsWriter.Write(file, change(model.Weights), new Dictionary<string, string>(StringComparer.Ordinal));
        return model;
    }

    private void Refused(string fault, params string[] options)
    {
        CliRun run = CliRun.Of(["convert", _folder["w.safetensors"], _folder["new.zip"], "--config", _folder["config.json"], .. options]);
        Assert.Equal(ExitCode.Fault, run.Code);
        Assert.Contains("w.safetensors' can't be read: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(fault, run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["new.zip"]));
    }

    private static WeightTensor Renamed(WeightTensor tensor, string name)
    {
        var renamed = new WeightTensor(name, tensor.Shape);
        tensor.Values.CopyTo(renamed.Values.AsSpan());
        return renamed;
    }
}
