using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.SafeTensors;
using RnnLm.Text;

namespace RnnLm.Tests.ModelFiles;

/// <summary>Model files whose checksums are right and whose contents are not.</summary>
public sealed class DamagedModelTests : IDisposable
{
    private static readonly SavedModel[] s_models = [Rows(), Running(), TestModels.Classifier()];

    private static readonly DeviceOptions s_device = new() { Engine = EngineKind.Managed, Threads = 1 };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A damaged model is refused when it is loaded, by file and member; one that loads works.</summary>
    [Fact]
    public void IsRefusedAtLoadOrWorks()
    {
        int refused = 0, loaded = 0;
        foreach (int number in Damage.Cases(600))
        {
            var random = new Random(number);
            SavedModel model = s_models[number % s_models.Length];
            Write(_folder["m.zip"], random, model);
            string what = $"case {number}";
            try
            {
                Use(_folder["m.zip"], model.Config.Task);
                loaded++;
            }
            catch (FormatException e)
            {
                refused++;
                Assert.StartsWith($"Model file '{_folder["m.zip"]}' can't be read: ", e.Message, StringComparison.Ordinal);
                Assert.Matches("config.json|model.safetensors|[Tt]ensor|format version", e.Message);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{what}: {e}");
            }
        }

        Assert.True(refused > 200 && loaded > 20, $"{refused} refused, {loaded} loaded");
    }

    /// <summary>A safetensors file of another program, which has no checksum, is refused or read as the model.</summary>
    [Fact]
    public void AHeaderIsRefusedOrFitsTheModel()
    {
        SavedModel model = TestModels.Classifier();
        byte[] config = Encoding.UTF8.GetBytes(Config(model));
        var file = new MemoryStream();
        SafeTensorsWriter.Write(file, model.Weights, new Dictionary<string, string>());
        byte[] bytes = file.ToArray();
        int length = (int)BitConverter.ToInt64(bytes);
        string header = Encoding.UTF8.GetString(bytes, 8, length).Replace("\"sha256\"", "\"hash\"", StringComparison.Ordinal);
        int refused = 0;
        foreach (int number in Damage.Cases(2000))
        {
            byte[] damaged = Encoding.UTF8.GetBytes(Damage.Json(new Random(number), header));
            byte[] whole = [.. BitConverter.GetBytes((long)damaged.Length), .. damaged, .. bytes[(8 + length)..]];
            try
            {
                using var reader = new SafeTensorsReader(new MemoryStream(whole), whole.Length);
                TestModels.AssertEqual(model.Weights, SavedModelReader.Read(config, reader, name => name).Weights);
            }
            catch (FormatException)
            {
                refused++;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"case {number}: {e}");
            }
        }

        Assert.True(refused > 1000, $"{refused} refused");
    }

    /// <summary>A tensor that is missing, one of another shape and one too many: whoever mends the file is told of all at once.</summary>
    [Fact]
    public void AllTensorsThatDifferComeInOneMessage()
    {
        SavedModel language = Rows(), classifier = TestModels.Classifier();
        Assert.Equal($"Model file '{Broken(language)}' can't be read: its tensors are not those of the model in config.json: "
            + "'rnn.weight_hh_l0' of shape [15, 5] is missing; 'output.weight' is of shape [5, 10], not [10, 5]; "
            + "'aux.weight' of shape [2, 3] has no place in it.",
            Assert.Throws<FormatException>(() => RnnLanguageModel.Load(_folder["m.zip"])).Message);
        Assert.Equal($"Model file '{Broken(classifier)}' can't be read: its tensors are not those of the model in config.json: "
            + "'rnn.weight_hh_l0' of shape [8, 2] is missing; 'output.weight' is of shape [4, 3], not [3, 4]; "
            + "'aux.weight' of shape [2, 3] has no place in it.",
            Assert.Throws<FormatException>(() => RnnTextClassifier.Load(_folder["m.zip"])).Message);

        string Broken(SavedModel model)
        {
            Write(_folder["m.zip"], model, Config(model), [.. model.Weights.Where(tensor => tensor.Name != "rnn.weight_hh_l0")
                .Select(tensor => tensor.Name == "output.weight" ? TensorDamage.Copy(tensor, tensor.Name, [.. tensor.Shape.Reverse()])
                    : tensor), new WeightTensor("aux.weight", 2, 3)], model.TrainingText?.ToBytes());
            return _folder["m.zip"];
        }
    }

    [Theory]
    [InlineData(8, new byte[] { 255, 255, 255, 127 }, "its windows have 2147483647 characters")]
    [InlineData(8, new byte[] { 255, 255, 255, 255 }, "its windows have -1 characters")]
    [InlineData(8, new byte[] { 24, 0, 0, 0 }, "it knows windows of a running text, but config.json gives the data mode as Rows")]
    [InlineData(12, new byte[] { 0, 4, 0, 0 }, "it has 1024 hashes, but by its rate of false positives 7")]
    [InlineData(23, new byte[] { 255 }, "its rate of false positives is")]
    [InlineData(24, new byte[] { 255, 255, 255, 127 }, "it has 36 bytes, but by its header 17179869204")]
    [InlineData(0, new byte[] { 0 }, "it does not begin as it should")]
    public void ADamagedFilterIsRefusedAtLoad(int at, byte[] bytes, string fault)
    {
        SavedModel model = TestModels.LanguageModel();
        byte[] filter = model.TrainingText!.ToBytes();
        bytes.CopyTo(filter, at);
        Write(_folder["m.zip"], model, Config(model), [.. model.Weights], filter);

        FormatException e = Assert.Throws<FormatException>(() => RnnLanguageModel.Load(_folder["m.zip"]));

        Assert.StartsWith($"Model file '{_folder["m.zip"]}' can't be read: 'training_text.filter' in model.safetensors can't be used: "
            + $"{fault}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AClassifierWithAFilterIsRefused()
    {
        SavedModel model = TestModels.Classifier();
        Write(_folder["m.zip"], model, Config(model), [.. model.Weights], TestModels.Filter(["ab"]).ToBytes());

        Assert.Contains("a classifier has none", Assert.Throws<FormatException>(() => RnnTextClassifier.Load(_folder["m.zip"])).Message,
            StringComparison.Ordinal);
    }

    private static void Use(string path, ModelTask task)
    {
        if (task == ModelTask.Classification)
        {
            using RnnTextClassifier classifier = RnnTextClassifier.Load(path, s_device);
            Assert.Equal(1, classifier.Classify("xyz").Probabilities.Sum(), 1e-4);
            classifier.Save(path);
            return;
        }

        using RnnLanguageModel model = RnnLanguageModel.Load(path, s_device);
        SamplingOptions options = model.Sampling;
        (options.MinLength, options.MaxLength, options.NumSamples) = (0, 3, 1);
        model.Generate("a", options);
        Assert.False(double.IsNaN(model.Score("ab").LogProbability));
        model.TrainingText?.Contains("abc");
        model.Save(path);
    }

    private static void Write(string path, Random random, SavedModel model)
    {
        string config = Config(model);
        List<WeightTensor> tensors = [.. model.Weights.Select(tensor => TensorDamage.Copy(tensor, tensor.Name, tensor.Shape))];
        byte[]? filter = model.TrainingText?.ToBytes();
        switch (random.Next(4))
        {
            case 0 when filter is not null: Damage.Bytes(random, filter.AsSpan(0, random.Next(2) == 0 ? 28 : filter.Length)); break;
            case 1: TensorDamage.Damage(random, tensors); break;
            default: config = Damage.Json(random, config); break;
        }

        Write(path, model, config, tensors, filter);
    }

    /// <summary>Writes a model file of any contents, with the checksums that go with them.</summary>
    private static void Write(string path, SavedModel model, string config, IReadOnlyCollection<WeightTensor> tensors, byte[]? filter)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(config);
        var metadata = new Dictionary<string, string> { [SavedModelReader.ConfigHashKey] = Convert.ToHexStringLower(
            SHA256.HashData(bytes)) };
        var arrays = new Dictionary<string, byte[]>();
        if (filter is not null)
            arrays.Add(SavedModelReader.FilterName, filter);
        ModelArchive.Save(path, model);
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Update);
        Replace(SavedModel.ConfigName, entry => entry.Write(bytes));
        Replace(SavedModel.WeightsName, entry => SafeTensorsWriter.Write(entry, tensors, metadata, arrays));

        void Replace(string name, Action<Stream> write)
        {
            ZipArchiveEntry old = zip.Entries.Single(entry => entry.Name == name);
            string full = old.FullName;
            old.Delete();
            using Stream entry = zip.CreateEntry(full).Open();
            write(entry);
        }
    }

    private static string Config(SavedModel model)
    {
        var stream = new MemoryStream();
        new SavedModelWriter(model).WriteConfig(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static SavedModel Rows(CellType cell = CellType.Gru)
    {
        SavedModel model = TestModels.LanguageModel(cell);
        // A model with conditions can't be asked to write from another state.
        model.Sampling.InitialState = null;
        return model;
    }

    private static SavedModel Running()
    {
        SavedModel rows = Rows(CellType.Lstm);
        ModelConfig config = rows.Config with { Conditions = 0, VocabularySize = rows.Config.VocabularySize - 2 };
        return rows with
        {
            Config = config,
            Weights = TestModels.RandomWeights(config, 3),
            Vocabulary = new CharVocabulary(rows.Vocabulary.Characters),
            Conditions = [],
            DataMode = DataMode.Stream,
            TrainingText = TestModels.Filter(["abcabcabc"], windowLength: 4),
        };
    }
}
