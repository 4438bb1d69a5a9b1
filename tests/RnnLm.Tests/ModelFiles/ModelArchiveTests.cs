using System.IO.Compression;
using System.Text;
using RnnLm.Engines;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.SafeTensors;
using RnnLm.Text;

namespace RnnLm.Tests;

public sealed class ModelArchiveTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ALanguageModelComesBack()
    {
        foreach (CellType cell in Enum.GetValues<CellType>())
        {
            SavedModel model = TestModels.LanguageModel(cell);
            ModelArchive.Save(_folder["model.zip"], model);
            TestModels.AssertEqual(model, ModelArchive.Load(_folder["model.zip"]));
        }
    }

    [Fact]
    public void ARunningTextKeepsItsRowSeparatorAndOlderFilesStandForALineFeed()
    {
        SavedModel model = TestModels.LanguageModel() with { DataMode = DataMode.Stream, RowSeparator = "ab", TrainingText = null };
        Assert.Equal("ab", Through(model).RowSeparator);
        Assert.Equal("", Through(model with { RowSeparator = "" }).RowSeparator);

        // Rows have none, so their file is like one from before the property was there.
        var config = new MemoryStream();
        new SavedModelWriter(model with { DataMode = DataMode.Rows }).WriteConfig(config);
        Assert.DoesNotContain("row_separator", Encoding.UTF8.GetString(config.ToArray()), StringComparison.Ordinal);
        Assert.Equal("\n", Through(model with { DataMode = DataMode.Rows }).RowSeparator);

        SavedModel Through(SavedModel saved)
        {
            ModelArchive.Save(_folder["model.zip"], saved);
            return ModelArchive.Load(_folder["model.zip"]);
        }
    }

    [Fact]
    public void AClassifierComesBack()
    {
        SavedModel model = TestModels.Classifier();
        ModelArchive.Save(_folder["model.zip"], model);

        TestModels.AssertEqual(model, ModelArchive.Load(_folder["model.zip"]));
        ArchiveMember member = Assert.Single(ModelArchive.Members(_folder["model.zip"]));
        Assert.Equal(new("TransformerChain/Transform_000", "RnnTextClassifier", true), member);
    }

    [Fact]
    public void TheEntriesAreThoseOfAnMLNETModel()
    {
        ModelArchive.Save(_folder["model.zip"], TestModels.LanguageModel());

        using ZipArchive zip = ZipFile.OpenRead(_folder["model.zip"]);
        Assert.Equal(
            [
                "TrainingInfo/Version.txt", "TransformerChain/Transform_000/config.json",
                "TransformerChain/Transform_000/model.safetensors",
                "TransformerChain/Transform_000/Model.key", "TransformerChain/Model.key", "Schema",
            ],
            zip.Entries.Select(e => e.FullName));
    }

    [Fact]
    public void TheConfigIsReadableAndItsNamesAreFixed()
    {
        SavedModel model = TestModels.LanguageModel();
        var stream = new MemoryStream();
        new SavedModelWriter(model).WriteConfig(stream);
        string producer = SavedModelReader.Producer;

        Assert.Equal($$"""
            {
              "format_version": 1,
              "producer": "{{producer}}",
              "model": {
                "task": "language_model",
                "cell": "gru",
                "nonlinearity": "tanh",
                "vocabulary_size": 10,
                "hidden_size": 5,
                "layers": 2,
                "embedding_size": 3,
                "dropout": 0.25,
                "input_dropout": 0,
                "output_dropout": 0,
                "recurrent_dropout": 0,
                "tie_weights": false,
                "initial_state": "learned",
                "conditions": 2,
                "bidirectional": false,
                "pooling": "last",
                "classes": 0
              },
              "vocabulary": {
                "characters": "\n abcé\uD834\uDD1E",
                "unknown_characters": "token",
                "start_and_end": true
              },
              "data_mode": "rows",
              "conditions": [
                "plain",
                "\"quoted\" é"
              ],
              "classes": [],
              "columns": {
                "input": "Prompt",
                "output": "Written",
                "condition": "Kind"
              },
              "metadata": {
                "source": "a & b <c>.txt"
              },
              "sampling": {
                "temperature": 0.7,
                "top_k": 5,
                "top_p": 1,
                "min_p": 0,
                "typical_p": 1,
                "repetition_penalty": 1,
                "no_repeat_ngram": 0,
                "beams": 1,
                "length_penalty": 1,
                "max_length": 100,
                "min_length": 0,
                "max_length_limit": 100000,
                "stop_strings": [
                  "\n",
                  "<é>"
                ],
                "pattern_includes_prompt": false,
                "num_samples": 1,
                "seed": -3,
                "include_prompt": false,
                "initial_state": "ones"
              },
              "training": {
                "stop_reason": "early_stopping",
                "steps": 20,
                "elapsed": "00:00:02.5000000",
                "loss": "NaN",
                "smoothed_loss": 3.9,
                "validation_loss": 0.3333333333333333,
                "best_step": 10,
                "characters_per_second": 1000000,
                "seed": 42,
                "history": [
                  {
                    "epoch": 1,
                    "step": 10,
                    "fraction": 0.5,
                    "loss": 3.25,
                    "smoothed_loss": 4,
                    "learning_rate": 0.002,
                    "gradient_norm": 1.5,
                    "characters_per_second": 1000000,
                    "elapsed": "00:00:01"
                  }
                ]
              }
            }
            """, Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData('/')]
    [InlineData('\\')]
    public void AMemberOfANestedChainIsFoundAndTheOthersAreListed(char separator)
    {
        SavedModel first = TestModels.Classifier(), second = TestModels.LanguageModel(), third = TestModels.LanguageModel(CellType.Lstm);
        WriteChain(separator, zip =>
        {
            AddKey(zip, "TransformerChain", "TransformerChain", "Microsoft.ML.Data, Version=1.0.0.0");
            AddKey(zip, "TransformerChain/Transform_000", "TextNormalizerTransform", "Microsoft.ML.Transforms, Version=1.0.0.0");
            AddModel(zip, "TransformerChain/Transform_001", "RnnTextClassifier", first);
            AddKey(zip, "TransformerChain/Transform_002", "TransformerChain", "Microsoft.ML.Data, Version=1.0.0.0");
            AddModel(zip, "TransformerChain/Transform_002/Transform_000", "RnnLanguageModel", second);
            AddModel(zip, "TransformerChain/Transform_002/Transform_001", "RnnLanguageModel", third);
            AddKey(zip, "Loader", "TextLoader", "Microsoft.ML.Data, Version=1.0.0.0");
        });
        string path = _folder["chain.zip"];

        Assert.Equal(
            [
                new("TransformerChain/Transform_000", "TextNormalizerTransform", false),
                new("TransformerChain/Transform_001", "RnnTextClassifier", true),
                new("TransformerChain/Transform_002/Transform_000", "RnnLanguageModel", true),
                new("TransformerChain/Transform_002/Transform_001", "RnnLanguageModel", true),
            ],
            ModelArchive.Members(path));
        TestModels.AssertEqual(second, ModelArchive.Load(path));
        TestModels.AssertEqual(third, ModelArchive.Load(path, @"TransformerChain\Transform_002\Transform_001"));
        TestModels.AssertEqual(first, ModelArchive.Load(path, "TransformerChain/Transform_001"));
        TestModels.AssertEqual(first, ModelArchive.Load(path, kind: MemberSignature.TextClassifier));
        var e = Assert.Throws<FormatException>(() => ModelArchive.Load(path, "TransformerChain/Transform_000"));
        Assert.Contains("TextNormalizerTransform (TransformerChain/Transform_000)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATransformerSavedWithoutAChainIsFound()
    {
        SavedModel model = TestModels.LanguageModel();
        WriteChain('/', zip => AddModel(zip, "TransformerChain", "RnnLanguageModel", model));

        TestModels.AssertEqual(model, ModelArchive.Load(_folder["chain.zip"]));
    }

    [Fact]
    public void ForeignFilesAreEachRefusedByWhatTheyAre()
    {
        File.WriteAllText(_folder["empty.zip"], "");
        File.WriteAllText(_folder["text.zip"], "It was a dark and stormy night.");
        using (ZipArchive zip = ZipFile.Open(_folder["other.zip"], ZipArchiveMode.Create))
            zip.CreateEntry("readme.txt");
        WriteChain('/', zip =>
        {
            AddKey(zip, "TransformerChain", "TransformerChain", "Microsoft.ML.Data, Version=1.0.0.0");
            AddKey(zip, "TransformerChain/Transform_000", "CopyTransform", "Microsoft.ML.Data, Version=1.0.0.0");
        });

        AssertRefused("empty.zip", "it is empty");
        AssertRefused("text.zip", "not a zip archive");
        AssertRefused("other.zip", "not a model of ML.NET");
        AssertRefused("chain.zip", "no member of it is a model of RnnLm; it holds CopyTransform");
        Assert.Throws<FileNotFoundException>(() => ModelArchive.Load(_folder["missing.zip"]));
    }

    /// <summary>The file's own record of the network has every member of the configuration.</summary>
    [Fact]
    public void NoPartOfTheNetworkIsLost()
    {
        var config = new ModelConfig
        {
            Task = ModelTask.Classification, Cell = CellType.Lstm, Nonlinearity = Nonlinearity.Relu, VocabularySize = 2, HiddenSize = 3,
                Layers = 4, EmbeddingSize = 5,
            TieWeights = true, InitialState = InitialState.Learned, Conditions = 6, Bidirectional = true, Pooling = Pooling.Max,
                Classes = 7,
        };
        var dropout = new DropoutRates { BetweenLayers = 0.1, Input = 0.2, Output = 0.3, Recurrent = 0.4 };
        var none = new ModelConfig { Cell = default, VocabularySize = 0, HiddenSize = 0 };
        foreach (System.Reflection.PropertyInfo property in typeof(ModelConfig).GetProperties())
            Assert.NotEqual(property.GetValue(none), property.GetValue(config));

        NetworkDocument document = NetworkDocument.Of(config, dropout);

        Assert.Equal((config, dropout), (document.ToConfig(), document.ToDropout()));
    }

    [Fact]
    public void ANewerFormatIsRefusedByItsNumber()
    {
        WriteEdited(config => config.Replace("\"format_version\": 1", "\"format_version\": 3", StringComparison.Ordinal));

        AssertRefused("chain.zip", "it was written by format version 3; this version of RnnLm reads up to 2. Update RnnLm");
    }

    [Theory]
    [InlineData("\"hidden_size\": 5", "\"hidden_size\": 6", "shape")]
    [InlineData("\"hidden_size\": 5", "\"hidden_size\": 100000000", "model.hidden_size must be from 1 to 16384")]
    [InlineData("\"hidden_size\": 5", "\"hidden_size\": \"5\"", "line 9")]
    [InlineData("\"hidden_size\": 5,", "", "hidden_size")]
    [InlineData("\"dropout\": 0.25", "\"dropout\": 1", "model.dropout must be at least 0 and below 1")]
    [InlineData("\"layers\": 2", "\"layers\": 1", "'rnn.weight_ih_l1'")]
    [InlineData("\"layers\": 2", "\"layers\": 3", "'initial_state' is of shape \\[2, 5\\], not \\[3, 5\\]")]
    [InlineData("\"cell\": \"gru\"", "\"cell\": \"transformer\"", "line 6")]
    [InlineData("\"cell\": \"gru\"", "\"cell\": 1", "line 6")]
    [InlineData("\"characters\": \"\\n a", "\"characters\": \"\\n", "vocabulary_size is 10, but the vocabulary has 8")]
    [InlineData("abc", "acb", "order of their code points")]
    [InlineData("\"plain\",", "", "conditions is 2, but 1")]
    [InlineData("\"plain\"", "null", "null")]
    [InlineData("\"format_version\": 1,", "", "format_version")]
    [InlineData("\"format_version\": 1,", "\"format_version\": 1, \"format_version\": 1,", "config.json")]
    [InlineData("\"top_p\": 1", "\"top_p\": -1", "sampling.top_p must be above 0")]
    [InlineData("\"stop_strings\": [", "\"stop_strings\": [null,", "stop_strings|null")]
    [InlineData("\"data_mode\": \"rows\"", "\"data_mode\": null", "data_mode|line")]
    public void AnInconsistentConfigIsRefusedWithItsFault(string old, string @new, string fault)
    {
        WriteEdited(config => config.Replace(old, @new, StringComparison.Ordinal));

        AssertRefused("chain.zip", fault);
    }

    [Fact]
    public void AMissingTensorIsNamed()
    {
        WriteEdited(config => config.Replace("0.7", "0.75", StringComparison.Ordinal), without: "rnn.bias_hh_l1");

        AssertRefused("chain.zip",
            "its tensors are not those of the model in config.json: 'rnn.bias_hh_l1' of shape \\[15\\] is missing\\.$");
    }

    [Fact]
    public void AConfigOtherThanTheOneWrittenIsRefused()
    {
        SavedModel model = TestModels.LanguageModel();
        SavedModel other = model with { Vocabulary = new CharVocabulary("\n abdé𝄞".EnumerateRunes(), startAndEnd: true) };
        WriteChain('/', zip =>
        {
            AddKey(zip, "TransformerChain", "RnnLanguageModel", MemberSignature.AssemblyFullName);
            Add(zip, "TransformerChain/config.json", new SavedModelWriter(other).WriteConfig);
            Add(zip, "TransformerChain/model.safetensors", new SavedModelWriter(model).WriteWeights);
        });

        AssertRefused("chain.zip", "config.json is not the one");
    }

    [Fact]
    public void WeightsThatAreNoNumbersAreNeitherWrittenNorRead()
    {
        SavedModel model = TestModels.LanguageModel();
        model.Weights["output.bias"].Values[1] = float.NaN;
        ModelArchive.Save(_folder["model.zip"], TestModels.LanguageModel());
        byte[] before = File.ReadAllBytes(_folder["model.zip"]);

        var e = Assert.Throws<InvalidOperationException>(() => ModelArchive.Save(_folder["model.zip"], model));

        Assert.Contains("'output.bias'", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder["model.zip"]));

        // Written by someone else, with a right checksum.
        SavedModel healthy = TestModels.LanguageModel();
        var writer = new SavedModelWriter(healthy);
        healthy.Weights["output.bias"].Values[1] = float.PositiveInfinity;
        WriteChain('/', zip => AddModel(zip, "TransformerChain", "RnnLanguageModel", writer));
        AssertRefused("chain.zip", "NaN or infinity in 'output.bias'");
    }

    [Fact]
    public void CutAnywhereItIsRefused()
    {
        ModelArchive.Save(_folder["model.zip"], TestModels.LanguageModel());
        byte[] file = File.ReadAllBytes(_folder["model.zip"]);
        for (int length = 0; length < file.Length; length += length < 64 || length > file.Length - 64 ? 1 : 13)
        {
            File.WriteAllBytes(_folder["cut.zip"], file[..length]);
            AssertRefused("cut.zip", "");
        }
    }

    [Fact]
    public void ChangedAnywhereItIsRefusedOrLoadsAsItWas()
    {
        SavedModel model = TestModels.LanguageModel();
        var stream = new MemoryStream();
        ModelArchive.Save(stream, model);
        byte[] file = stream.ToArray();
        int refused = 0;
        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= (byte)(1 << (i % 8));
            try
            {
                // What is not used, such as times in the zip's directory, may change without harm.
                TestModels.AssertEqual(model, ModelArchive.Load(new MemoryStream(changed)));
            }
            catch (FormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > model.Weights.ParameterCount * 4);
    }

    [Fact]
    public void AnEntryThatClaimsMoreThanItCanHoldIsRefusedBeforeItIsRead()
    {
        ModelArchive.Save(_folder["model.zip"], TestModels.LanguageModel());
        byte[] file = File.ReadAllBytes(_folder["model.zip"]);
        // The length stands at 24 in the directory's record of the entry, whose name begins at 46.
        int name = Encoding.Latin1.GetString(file)
            .LastIndexOf("TransformerChain/Transform_000/model.safetensors", StringComparison.Ordinal);
        BitConverter.TryWriteBytes(file.AsSpan(name - 46 + 24), 2_000_000_000);
        File.WriteAllBytes(_folder["bomb.zip"], file);

        AssertRefused("bomb.zip", "claims 2000000000 bytes|damaged|take .* bytes, but");
    }

    private void AssertRefused(string name, string fault)
    {
        var e = Assert.Throws<FormatException>(() => ModelArchive.Load(_folder[name]));
        Assert.Contains($"'{_folder[name]}'", e.Message, StringComparison.Ordinal);
        Assert.Matches(fault, e.Message);
    }

    /// <summary>Writes a model whose config is edited, and whose weights know the edited one.</summary>
    private void WriteEdited(Func<string, string> edit, string? without = null)
    {
        SavedModel model = TestModels.LanguageModel();
        var stream = new MemoryStream();
        new SavedModelWriter(model).WriteConfig(stream);
        string before = Encoding.UTF8.GetString(stream.ToArray()), after = edit(before);
        Assert.NotEqual(before, after);
        byte[] config = Encoding.UTF8.GetBytes(after);
        var metadata = new Dictionary<string, string> { ["config_sha256"] = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(config)) };
        WriteChain('/', zip =>
        {
            AddKey(zip, "TransformerChain", "RnnLanguageModel", MemberSignature.AssemblyFullName);
            Add(zip, "TransformerChain/config.json", entry => entry.Write(config));
            Add(zip, "TransformerChain/model.safetensors",
                entry => SafeTensorsWriter.Write(entry, [.. model.Weights.Where(t => t.Name != without)], metadata));
        });
    }

    private void WriteChain(char separator, Action<ZipArchive> write)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            write(zip);
        if (separator != '/')
        {
            // As ML.NET on Windows writes: the same archive, folders divided by the other character.
            using var source = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var copy = new MemoryStream();
            using (var zip = new ZipArchive(copy, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (ZipArchiveEntry entry in source.Entries)
                    Add(zip, entry.FullName.Replace('/', separator), target => entry.Open().CopyTo(target));
            }

            stream = copy;
        }

        File.WriteAllBytes(_folder["chain.zip"], stream.ToArray());
    }

    private static void AddModel(ZipArchive zip, string folder, string signature, SavedModel model) =>
        AddModel(zip, folder, signature, new SavedModelWriter(model));

    private static void AddModel(ZipArchive zip, string folder, string signature, SavedModelWriter writer)
    {
        AddKey(zip, folder, signature, MemberSignature.AssemblyFullName);
        Add(zip, folder + "/config.json", writer.WriteConfig);
        Add(zip, folder + "/model.safetensors", writer.WriteWeights);
    }

    private static void AddKey(ZipArchive zip, string folder, string signature, string assembly) =>
        Add(zip, folder + "/Model.key", entry => entry.Write(new ModelKey("12345678", signature, assembly).ToBytes([1, 2, 3])));

    private static void Add(ZipArchive zip, string path, Action<Stream> write)
    {
        using Stream entry = zip.CreateEntry(path).Open();
        write(entry);
    }
}
