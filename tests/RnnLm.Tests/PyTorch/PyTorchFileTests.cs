using System.IO.Compression;
using System.Text;
using System.Text.Json;
using RnnLm.Engines;
using RnnLm.Managed.Training;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.PyTorch;
using RnnLm.Tests.Training;

namespace RnnLm.Tests.PyTorch;

/// <summary>Files of PyTorch are read as it computes, and it reads ours; what would run code, or is damaged, is refused.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private static readonly string Fixtures = TestData.InRepository("tests", "RnnLm.Tests", "Fixtures", "pytorch");
    private static readonly string Script = TestData.InRepository("examples", "PyTorch", "rnnlm_model.py");
    private static readonly TorchCase Lstm = Case("1.13", "lstm");

    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Written
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string version in (string[])["1.13", "2.6"])
            {
                foreach (TorchCase one in TorchCase.Read(Path.Combine(Fixtures, version)))
                    data.Add(version, one.Name);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Written))]
    public void WhatPyTorchWroteIsReadAsItComputes(string version, string name)
    {
        TorchCase one = Case(version, name);
        using RnnLanguageModel model = PyTorchFile.Load(one.Path, one.Options);

        one.AssertAgrees(model);
        Assert.Equal(one.Tied, model.Config.TieWeights);
        Assert.Equal(one.Tokens.Where(token => token.Length == 1), model.Characters.Select(c => c.ToString()));
        Assert.Equal(name == "special" ? DataMode.Rows : DataMode.Stream, model.Mode);
        model.Save(_folder["m.zip"]);
        PyTorchFile.Save(model, _folder["m.pth"]);
        foreach (RnnLanguageModel again in (RnnLanguageModel[])[RnnLanguageModel.Load(_folder["m.zip"]),
            PyTorchFile.Load(_folder["m.pth"])])
        {
            using (again)
                TestModels.AssertEqual(model.Saved, again.Saved);
        }
    }

    /// <summary>The version of PyTorch that this machine has, whatever it is.</summary>
    [SkippableFact]
    public void WhatPyTorchWritesHereIsReadAsItComputes()
    {
        Python.Run(Path.Combine(Fixtures, "make_pth.py"), _folder["."]);
        foreach (TorchCase one in TorchCase.Read(_folder["."]))
        {
            using RnnLanguageModel model = PyTorchFile.Load(one.Path, one.Options);
            one.AssertAgrees(model);
        }
    }

    [SkippableTheory]
    [InlineData(CellType.Lstm, 12, 2, DataMode.Stream)]
    [InlineData(CellType.Gru, 0, 1, DataMode.Rows)]
    [InlineData(CellType.Gru, 0, 1, DataMode.Rows, UnknownCharacterPolicy.Skip)]
    [InlineData(CellType.Rnn, 32, 3, DataMode.Rows)]
    public void WhatIsWrittenHereIsReadByPyTorch(
        CellType cell, int embedding, int layers, DataMode mode, UnknownCharacterPolicy unknown = UnknownCharacterPolicy.Token) =>
        AssertPyTorchAgrees("order 1207 was§", mode, cell, embedding, layers, unknown).Dispose();

    /// <summary>A model that refuses what it does not know is run by the script like any other, and refuses there too.</summary>
    [SkippableTheory]
    [InlineData(DataMode.Stream)]
    [InlineData(DataMode.Rows)]
    public void WhatRefusesUnknownCharactersDoesSoInPyTorch(DataMode mode)
    {
        const string Unknown = "order 1207 wäs§";
        using RnnLanguageModel model = AssertPyTorchAgrees("order 1207 was", mode, CellType.Gru, 12, 1, UnknownCharacterPolicy.Throw);

        string error = Python.Fails(Script, _folder["m.pth"], Unknown);

        Assert.Contains("the model does not know ['§', 'ä']", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", error, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Score(Unknown));
    }

    [Fact]
    public void AModelOfPyTorchIsTrainedFurtherAndLearnsNewCharacters()
    {
        using RnnLanguageModel model = PyTorchFile.Load(Lstm.Path, Lstm.Options);
        var options = new LanguageModelOptions
        {
            Vocabulary = { Grow = true },
            Optimizer = { LearningRate = 0.02 },
            Training = { Epochs = 0, MaxSteps = 100, Seed = 1, ValidationFraction = 0 },
        };
        string text = string.Concat(Enumerable.Repeat("hallo hello\n", 100));

        using RnnLanguageModel further = RnnLanguageModel.Train([TextRow.Row(text)], options, previous: model);

        Assert.Equal(string.Concat(Lstm.Tokens) + "a", string.Concat(further.Characters));
        Assert.True(further.Score("hallo hello\n").NatsPerCharacter < 1);
    }

    [Theory]
    [InlineData("evil", "its pickle holds more than tensors: at byte ",
        "GLOBAL names 'posix.system', which is refused, as it could run code")]
    [InlineData("evil-legacy", "GLOBAL names 'posix.system'")]
    [InlineData("module", "GLOBAL names '__main__.Model'", "torch.save(model.state_dict(), path)")]
    [InlineData("projection", "proj_size")]
    [InlineData("bidirectional", "it reads in both directions")]
    public void WhatIsMoreThanALanguageModelsTensorsIsRefusedByName(string name, params string[] faults)
    {
        string message = Refusal(Path.Combine(Fixtures, "1.13", name + ".pth"), Lstm.Options);
        Assert.All(faults, fault => Assert.Contains(fault, message, StringComparison.Ordinal));
        Assert.False(File.Exists("/tmp/rnnlm-pickle-ran"));
    }

    /// <summary>Every opcode that makes objects or calls what is not known, in pickles by hand.</summary>
    [Theory]
    [InlineData("cos\nsystem\n(Vls\ntR.", "GLOBAL names 'os.system'")]
    [InlineData("(S'ls'\nios\nsystem\n.", "opcode 'S' is not known")]
    [InlineData("(ios\nsystem\n.", "INST makes an object")]
    [InlineData("(o.", "OBJ makes an object")]
    [InlineData("))\u0081.", "NEWOBJ makes an object")]
    [InlineData("\u0082\u0001.", "EXT1 makes an object")]
    [InlineData("ccollections\nOrderedDict\n)R]b.", "BUILD sets what an object holds")]
    [InlineData("c__builtin__\neval\n.", "'__builtin__.eval'")]
    [InlineData("\u008c\u0002os\u008c\u0006system\u0093.", "'os.system'")]
    [InlineData("ctorch\nload\n.", "'torch.load'")]
    [InlineData("R.", "fewer values than it takes")]
    [InlineData("))R.", "another kind of value than it takes")]
    [InlineData("h\u0005.", "fewer values than it takes")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff.", "longer than the 67108864 bytes")]
    [InlineData("X\u00ff\u0000\u0000\u0000.", "cut short")]
    [InlineData("((((", "cut short")]
    public void APickleThatAsksForMoreThanDataIsRefused(string pickle, string fault)
    {
        var stream = new MemoryStream(Encoding.Latin1.GetBytes(pickle));
        Assert.Contains(fault, Assert.Throws<FormatException>(() => PickleReader.Read(stream)).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is cut off or changed, the answer is a model or a fault, never another exception.</summary>
    [Theory]
    [InlineData("lstm")]
    [InlineData("legacy")]
    public void DamagedFilesAreRefused(string name)
    {
        TorchCase one = Case("1.13", name);
        byte[] whole = File.ReadAllBytes(one.Path);
        for (int length = 0; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(_folder["cut.pth"], whole[..length]);
            Refusal(_folder["cut.pth"], one.Options);
        }

        var random = new Random(1);
        for (int i = 0; i < 400; i++)
        {
            byte[] changed = [.. whole];
            changed[random.Next(Math.Min(changed.Length, 1200))] = (byte)random.Next(256);
            File.WriteAllBytes(_folder["changed.pth"], changed);
            try
            {
                PyTorchFile.Load(_folder["changed.pth"], one.Options).Dispose();
            }
            catch (Exception e) when (e is FormatException or MemoryLimitException)
            {
                Assert.Contains("changed.pth", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void WhatIsNoFileOfPyTorchIsRefused()
    {
        File.WriteAllText(_folder["text.pth"], "weights");
        File.WriteAllBytes(_folder["empty.pth"], []);
        using (RnnLanguageModel model = PyTorchFile.Load(Lstm.Path, Lstm.Options))
            model.Save(_folder["zip.pth"]);
        Assert.Contains("it is not a file of PyTorch", Refusal(_folder["text.pth"]), StringComparison.Ordinal);
        Assert.Contains("it is empty", Refusal(_folder["empty.pth"]), StringComparison.Ordinal);
        Assert.Contains("it has no data.pkl", Refusal(_folder["zip.pth"]), StringComparison.Ordinal);
        Assert.Contains("Give the vocabulary by Tokens", Refusal(Lstm.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void AllDifferencesOfNamesAndShapesComeInOneMessage()
    {
        var options = new PyTorchOptions { Tokens = [.. Lstm.Tokens, "x"], Modules = { ["lstm"] = "rnn" } };
        string message = Refusal(Lstm.Path, options);
        Assert.Contains("'embed.weight' is of shape [7, 3], not [8, 3]; 'fc.weight' is of shape [7, 4], not [8, 4]; 'fc.bias' is of shape "
            + "[7], not [8].", message, StringComparison.Ordinal);

        WriteByHand("made.pth", 84, ("rnn.weight_ih_l0", [4, 3]), ("rnn.weight_hh_l0", [4, 5]), ("embedding.weight", [7, 3]),
            ("attention.query", [3]));
        message = Refusal(_folder["made.pth"], Lstm.Options);
        Assert.Contains("'rnn.weight_hh_l0' of shape [4, 5] are those of no RNN, LSTM or GRU", message, StringComparison.Ordinal);
        WriteByHand("made.pth", 84, ("rnn.weight_ih_l0", [5, 3]), ("rnn.weight_hh_l0", [4, 4]), ("embedding.weight", [7, 3]),
            ("attention.query", [3]));
        message = Refusal(_folder["made.pth"], Lstm.Options);
        Assert.Contains("'rnn.weight_ih_l0' is of shape [5, 3], not [4, 3]; 'output.weight' of shape [7, 4] is missing; 'attention.query' "
            + "of shape [3] has no place in it (Modules[\"attention\"] = \"\" leaves it out).", message, StringComparison.Ordinal);
    }

    /// <summary>Only bias=False leaves out biases, all of a module: of a file without some, zeros are no reading.</summary>
    [Theory]
    [InlineData("'net.bias_hh_l1' of shape [4] is missing", "net.bias_hh_l1")]
    [InlineData("'net.bias_ih_l0' of shape [4] is missing; 'net.bias_hh_l1' of shape [4] is missing", "net.bias_hh_l1", "net.bias_ih_l0")]
    [InlineData(null, "fc.bias")]
    [InlineData(null, "net.bias_ih_l0", "net.bias_hh_l0", "net.bias_ih_l1", "net.bias_hh_l1")]
    public void BiasesAreLeftOutByTheModuleOnly(string? fault, params string[] missing)
    {
        (string Name, int[] Shape)[] tensors = [("embed.weight", [7, 3]), ("net.weight_ih_l0", [4, 3]), ("net.weight_hh_l0", [4, 4]),
            ("net.bias_ih_l0", [4]), ("net.bias_hh_l0", [4]), ("net.weight_ih_l1", [4, 4]), ("net.weight_hh_l1", [4, 4]),
            ("net.bias_ih_l1", [4]), ("net.bias_hh_l1", [4]), ("fc.weight", [7, 4]), ("fc.bias", [7])];
        WriteByHand("made.pth", 84, [.. tensors.Where(tensor => !missing.Contains(tensor.Name))]);
        if (fault is not null)
        {
            Assert.Contains($"model: {fault}.", Refusal(_folder["made.pth"], Lstm.Options), StringComparison.Ordinal);
            return;
        }

        var notes = new List<string>();
        SavedModel model = TorchModel.Read(_folder["made.pth"], Lstm.Tokens, note: notes.Add);
        Assert.All(missing, name => Assert.Contains($"'{name}'", Assert.Single(notes), StringComparison.Ordinal));
        Assert.Equal(2, model.Config.Layers);
    }

    /// <summary>What the file does not have, a model does not have, or changes nothing, is a mistake of who says it.</summary>
    [Theory]
    [InlineData("nope", "embedding", "it has no module 'nope' that could be renamed. It has 'embed', 'lstm', 'fc'.")]
    [InlineData("fc", "foo", "its module 'fc' can't stand for 'foo': a model has 'embedding', 'rnn', 'condition', 'output'.")]
    public void NamesThatChangeNothingAreRefused(string module, string part, string fault) => Assert.Contains(fault,
        Refusal(Lstm.Path, new PyTorchOptions { Tokens = Lstm.Tokens, Modules = { [module] = part } }), StringComparison.Ordinal);

    [Fact]
    public void WhatTheFileSaysIsNotSaidAgain()
    {
        Assert.Contains("it is of an LSTM, whose activations are fixed. Leave Nonlinearity out.",
            Refusal(Lstm.Path, new PyTorchOptions { Tokens = Lstm.Tokens, Nonlinearity = Nonlinearity.Relu }), StringComparison.Ordinal);
        using (RnnLanguageModel model = PyTorchFile.Load(Lstm.Path, Lstm.Options))
            PyTorchFile.Save(model, _folder["m.pth"]);
        Assert.Contains("Leave Tokens out.",
            Refusal(_folder["m.pth"], new PyTorchOptions { Tokens = [.. Lstm.Tokens.Reverse()] }), StringComparison.Ordinal);
        Assert.Contains("Leave Nonlinearity out.",
            Refusal(_folder["m.pth"], new PyTorchOptions { Nonlinearity = Nonlinearity.Relu }), StringComparison.Ordinal);
    }

    /// <summary>One-hot characters are as many as a condition's state is wide: shapes alone would make it an embedding.</summary>
    [Fact]
    public void ConditionsAreNoEmbedding()
    {
        SavedModel model = TestModels.LanguageModel(CellType.Rnn);
        ModelConfig config = model.Config with { EmbeddingSize = 0, Layers = 1, HiddenSize = model.Vocabulary.Size };
        model = model with { Config = config, Weights = TestModels.RandomWeights(config, 3), TrainingText = null };
        using (FileStream stream = File.Create(_folder["m.pth"]))
            TorchModel.Write(stream, model);

        TestModels.AssertEqual(model, TorchModel.Read(_folder["m.pth"]));
    }

    /// <summary>A network has a second head, and one of them is the model's.</summary>
    [Fact]
    public void ModulesAreLeftOut()
    {
        WriteByHand("made.pth", 84, ("rnn.weight_ih_l0", [4, 3]), ("rnn.weight_hh_l0", [4, 4]), ("embed.weight", [7, 3]),
            ("fc.weight", [7, 4]), ("fc.bias", [7]), ("aux.weight", [7, 4]), ("aux.bias", [7]));
        var options = new PyTorchOptions { Tokens = Lstm.Tokens };
        Assert.Contains("may be the 'output': 'fc', 'aux'. Name the one, and leave out what the model does not need: "
            + "Modules[\"fc\"] = \"output\", Modules[\"aux\"] = \"\".", Refusal(_folder["made.pth"], options), StringComparison.Ordinal);
        options.Modules["aux"] = "output";
        Assert.Contains("'fc.bias' of shape [7] has no place in it (Modules[\"fc\"] = \"\" leaves it out)",
            Refusal(_folder["made.pth"], options), StringComparison.Ordinal);
        options.Modules["fc"] = "";
        PyTorchFile.Load(_folder["made.pth"], options).Dispose();
    }

    /// <summary>Of several heads, the one that has a row for each token is the output, with a bias or without; of several matrices before
    /// the recurrent layers, such as one for positions, the one that has one is the embedding.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void OfSeveralModulesTheOneOfTheVocabularysSizeIsMeant(bool auxHasBias, bool outputHasBias)
    {
        List<(string, int[])> tensors = [("positions.weight", [5, 3]), ("embed.weight", [7, 3]), ("rnn.weight_ih_l0", [4, 3]),
            ("rnn.weight_hh_l0", [4, 4]), ("aux.weight", [2, 4]), ("fc.weight", [7, 4])];
        if (auxHasBias)
            tensors.Add(("aux.bias", [2]));
        if (outputHasBias)
            tensors.Add(("fc.bias", [7]));
        WriteByHand("made.pth", 84, [.. tensors]);
        var options = new PyTorchOptions { Tokens = Lstm.Tokens };

        // What is not needed is named, and leaving it out as the message says is all that it takes.
        string fault = Refusal(_folder["made.pth"], options);
        Assert.Contains("'aux.weight' of shape [2, 4] has no place in it (Modules[\"aux\"] = \"\" leaves it out)", fault,
            StringComparison.Ordinal);
        Assert.DoesNotContain("'fc", fault, StringComparison.Ordinal);
        options.Modules["aux"] = options.Modules["positions"] = "";
        PyTorchFile.Load(_folder["made.pth"], options).Dispose();
    }

    [Fact]
    public void WhereNoHeadHasTheVocabularysSizeItIsTheFault()
    {
        WriteByHand("made.pth", 84, ("rnn.weight_ih_l0", [4, 3]), ("rnn.weight_hh_l0", [4, 4]), ("embed.weight", [6, 3]),
            ("fc.weight", [6, 4]), ("aux.weight", [2, 4]), ("aux.bias", [2]));
        Assert.Contains("has a row for each of the 7 tokens of the vocabulary: 'fc' is [6, 4], 'aux' is [2, 4]. Give the vocabulary",
            Refusal(_folder["made.pth"], new PyTorchOptions { Tokens = Lstm.Tokens }), StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongShapeIsSaidOfTheTensorThatHasIt()
    {
        WriteByHand("made.pth", 84, ("embed.weight", [7, 3]), ("rnn.weight_ih_l0", [4, 3]), ("rnn.weight_hh_l0", [4, 4]),
            ("fc.weight", [7, 5]), ("fc.bias", [7]));
        Assert.Contains("model: 'fc.weight' is of shape [7, 5], not [7, 4].", Refusal(_folder["made.pth"], Lstm.Options),
            StringComparison.Ordinal);
    }

    /// <summary>The advice for a pickle that runs code must not be to load it.</summary>
    [Fact]
    public void APickleThatIsNotOfPyTorchIsNotToBeLoaded()
    {
        File.WriteAllBytes(_folder["raw.pth"], Encoding.Latin1.GetBytes("\u0080\u0004cos\nsystem\n\u008c\u0002ls\u0085R."));
        string message = Refusal(_folder["raw.pth"], Lstm.Options);
        Assert.Contains("GLOBAL names 'os.system'", message, StringComparison.Ordinal);
        Assert.Contains("Do not load it in Python unless you trust its source", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfTheOlderFormThatIsCutShortSaysSo()
    {
        TorchCase one = Case("1.13", "legacy");
        File.WriteAllBytes(_folder["cut.pth"], File.ReadAllBytes(one.Path)[..^3]);
        Assert.Contains("it is cut short: it ends 3 bytes before the end of a storage", Refusal(_folder["cut.pth"], one.Options),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ModulesOfOtherNamesAreMapped()
    {
        TorchCase one = Case("1.13", "same-width");
        var options = new PyTorchOptions { Tokens = one.Tokens, Modules = { ["a"] = "embedding", ["b"] = "rnn", ["c"] = "output" } };
        using RnnLanguageModel model = PyTorchFile.Load(one.Path, options);
        one.AssertAgrees(model);
        options.Modules["a"] = "output";
        options.Modules["c"] = "embedding";
        Assert.Contains("'c.bias' of shape [7] has no place in it", Refusal(one.Path, options), StringComparison.Ordinal);
        options.Modules["a"] = "embedding";
        Assert.Contains("'a.weight' and 'c.weight' are mapped to one name", Refusal(one.Path, options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a character more than once: 'h' (id 0), 'h' (id 2)", "h", "e", "h")]
    [InlineData("its vocabulary has no character", "<unk>")]
    [InlineData("a token for the start of a text, '<s>' (id 0), but none for the end", "<s>", "h")]
    [InlineData("a token for the end of a text, '<eos>' (id 1), but none for the start", "h", "<eos>")]
    [InlineData("neither one character nor one of <unk>, [unk], <s>, <sos>, <bos>, <start>, [bos], [sos], </s>, <eos>, <end>, [eos], "
        + "<pad>, [pad]: 'th' (id 1), '' (id 2)", "h", "th", "")]
    [InlineData("several tokens for one purpose: '<unk>' (id 0), '<UNK>' (id 1)", "<unk>", "<UNK>", "h")]
    public void AVocabularyThatIsNoneIsRefused(string fault, params string[] tokens) =>
        Assert.Contains(fault, Refusal(Lstm.Path, new PyTorchOptions { Tokens = tokens }), StringComparison.Ordinal);

    [Fact]
    public void VocabulariesAreReadFromListsObjectsAndLines()
    {
        File.WriteAllText(_folder["list.json"], "[\"a\", \"\\n\", \"😀\", \"<unk>\"]");
        File.WriteAllText(_folder["ids.json"], "{\"<unk>\": 3, \"a\": 0, \"😀\": 2, \"\\n\": 1}");
        File.WriteAllText(_folder["lines.txt"], "a\r\n\\n\r\n😀\r\n<unk>\r\n");
        foreach (string file in (string[])["list.json", "ids.json", "lines.txt"])
            Assert.Equal(["a", "\n", "😀", "<unk>"], PyTorchFile.ReadVocabulary(_folder[file]));

        foreach ((string file, string text, string fault) in new[]
        {
            ("x.json", "[1]", "is no list of tokens"), ("x.json", "{\"a\": 1}", "does not give the ids 0 to 0 to its 1 tokens"),
            ("x.json", "[\"a\"", "x.json:1:"), ("x.txt", "a\n\nb\n", "x.txt:2: the line is empty"), ("x.txt", "a\n\\q\n", "x.txt:2: '\\q'"),
        })
        {
            File.WriteAllText(_folder[file], text);
            Assert.Contains(fault, Assert.Throws<FormatException>(() => PyTorchFile.ReadVocabulary(_folder[file])).Message,
                StringComparison.Ordinal);
        }
    }

    /// <summary>A pickle may claim any size; what it claims is held against the file, and against memory, before any is taken.</summary>
    [Theory]
    [InlineData(4, 100_000_000_000L, "its storage '0' has 400 bytes, but its tensors need 400000000000")]
    [InlineData(100, 84, "of shape [100, 3] from 0 on that reaches beyond its storage of 84 numbers")]
    [InlineData(2_000_000_000, 84, "of shape [2000000000, 3], which is too large")]
    public void ClaimedSizesAreCheckedBeforeMemoryIsTaken(int rows, long count, string fault)
    {
        WriteByHand("big.pth", count, ("rnn.weight_ih_l0", [rows, 3]), ("rnn.weight_hh_l0", [4, 4]), ("embedding.weight", [7, 3]),
            ("output.weight", [7, 4]));
        Assert.Contains(fault, Refusal(_folder["big.pth"], Lstm.Options), StringComparison.Ordinal);
    }

    [Fact]
    public void NoModelOfNaNIsRead()
    {
        using RnnLanguageModel model = PyTorchFile.Load(Lstm.Path, Lstm.Options);
        PyTorchFile.Save(model, _folder["m.pth"]);
        using (ZipArchive zip = ZipFile.Open(_folder["m.pth"], ZipArchiveMode.Update))
        {
            zip.GetEntry("archive/data/0")!.Delete();
            using Stream entry = zip.CreateEntry("archive/data/0").Open();
            entry.Write(Enumerable.Repeat((byte)255, 84).ToArray());
        }

        Assert.Contains("'embedding.weight' holds NaN or infinity", Refusal(_folder["m.pth"]), StringComparison.Ordinal);
    }

    /// <summary>Writes tensors that are parts of one storage of 400 bytes, which claims to have more or fewer numbers.</summary>
    private void WriteByHand(string file, long count, params (string Name, int[] Shape)[] tensors)
    {
        static string Text(string text) => $"X{(char)text.Length}\0\0\0{text}";
        static string Number(long value) => "\u008a\u0008" + Encoding.Latin1.GetString(BitConverter.GetBytes(value));
        static string Tuple(IEnumerable<long> values) => $"({string.Concat(values.Select(Number))}t";
        IEnumerable<string> made = tensors.Select(tensor => Text(tensor.Name) + "ctorch._utils\n_rebuild_tensor_v2\n((" + Text("storage")
            + "ctorch\nFloatStorage\n" + Text("0") + Text("cpu") + Number(count) + "tQ" + Number(0)
            + Tuple(tensor.Shape.Select(length => (long)length))
            + Tuple(tensor.Shape.Select((_, i) => tensor.Shape[(i + 1)..].Aggregate(1L, (stride, length) => stride * length))) + "tR");
        using ZipArchive zip = ZipFile.Open(_folder[file], File.Exists(_folder[file]) ? ZipArchiveMode.Update : ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in new[]
        {
            ("a/data.pkl", Encoding.Latin1.GetBytes($"\u0080\u0002}}({string.Concat(made)}u.")), ("a/data/0", new byte[400]),
        })
        {
            if (zip.Mode == ZipArchiveMode.Update)
                zip.GetEntry(name)!.Delete();
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write(bytes);
        }
    }

    /// <summary>Trains a model, writes it, and holds its logits to those that the script of the example computes.</summary>
    private RnnLanguageModel AssertPyTorchAgrees(
        string text, DataMode mode, CellType cell, int embedding, int layers, UnknownCharacterPolicy unknown)
    {
        LanguageModelOptions options = TinyTraining.Options(mode, cell);
        (options.Model.EmbeddingSize, options.Model.Layers, options.Model.TieWeights) = (embedding, layers, embedding == 32);
        options.Model.Nonlinearity = Nonlinearity.Relu;
        options.Vocabulary.UnknownCharacters = unknown;
        RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
        PyTorchFile.Save(model, _folder["m.pth"]);

        float[][] theirs = JsonSerializer.Deserialize<float[][]>(
            Python.Run(Script, _folder["m.pth"], text))!;

        int[] ids = [.. new[] { model.Vocabulary.StartId }.OfType<int>(), .. model.Vocabulary.Encode(text)];
        Assert.Equal(ids.Length, theirs.Length);
        using IInferenceSession session = model.Loaded.LanguageModel.CreateSession(1);
        session.Reset(0);
        float[] ours = new float[model.Config.VocabularySize];   // [V]
        foreach ((int id, float[] expected) in ids.Zip(theirs))
        {
            session.Step([id], ours);
            Assert.All(expected.Zip(ours), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, Math.Abs(pair.First))));
        }

        return model;
    }

    private static TorchCase Case(string version, string name) =>
        TorchCase.Read(Path.Combine(Fixtures, version)).Single(one => one.Name == name);

    private static string Refusal(string path, PyTorchOptions? options = null)
    {
        string message = Assert.Throws<FormatException>(() => PyTorchFile.Load(path, options)).Message;
        Assert.StartsWith($"'{path}' can't be read: ", message, StringComparison.Ordinal);
        return message;
    }
}
