using RnnLm.Managed.Training;
using RnnLm.Modeling;
using RnnLm.SafeTensors;
using RnnLm.Training;

namespace RnnLm.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ACheckpointComesBackToTheBit()
    {
        CheckpointState state = State(1);
        Checkpoint.Save(_folder["c"], state);

        CheckpointState read = Checkpoint.Load(_folder["c"]);

        Assert.Equal(state.Fingerprint, read.Fingerprint);
        Assert.Equivalent(state.Loop, read.Loop, strict: true);
        Assert.Equal(["best", "engine", "weights"], read.Sections.Keys.Order());
        foreach (string section in read.Sections.Keys)
            TestModels.AssertEqual(state.Section(section), read.Section(section));
        Assert.Empty(read.Section("nothing"));
    }

    [Fact]
    public void ItTakesThePlaceOfTheOneBefore()
    {
        Checkpoint.Save(_folder["c"], State(1));
        Checkpoint.Save(_folder["c"], State(2));

        TestModels.AssertEqual(State(2).Section("weights"), Checkpoint.Load(_folder["c"]).Section("weights"));
        Assert.Equal(["c"], _folder.Names);
    }

    [Fact]
    public void DamageAnywhereIsRefused()
    {
        Checkpoint.Save(_folder["c"], State(1));
        byte[] file = File.ReadAllBytes(_folder["c"]);
        for (int i = 0; i < file.Length; i += i < 700 ? 1 : 17)
        {
            byte[] changed = [.. file];
            changed[i] ^= (byte)(1 << (i % 8));
            AssertRefused(changed, "");
            AssertRefused(file[..i], "");
        }
    }

    [Fact]
    public void OtherFilesAndVersionsAreRefusedByWhatTheyAre()
    {
        var other = new MemoryStream();
        SafeTensorsWriter.Write(other, [], new Dictionary<string, string>());
        AssertRefused(other.ToArray(), "no checkpoint of RnnLm");

        var newer = new MemoryStream();
        var metadata = new Dictionary<string, string> { ["rnnlm_checkpoint_version"] = "3", ["fingerprint"] = "", ["loop_state"] = "" };
        SafeTensorsWriter.Write(newer, [], metadata);
        AssertRefused(newer.ToArray(), "checkpoint version 3, and this version of RnnLm reads 2");
    }

    [Fact]
    public void AFailedWriteLeavesTheOneBefore()
    {
        Checkpoint.Save(_folder["c"], State(1));
        // Taken by another writer, as by a second run with the same checkpoint.
        using (new FileStream(_folder["c.rnnlm.tmp.lock"], FileMode.Create, FileAccess.Write, FileShare.None))
            Assert.Throws<IOException>(() => Checkpoint.Save(_folder["c"], State(2)));

        TestModels.AssertEqual(State(1).Section("weights"), Checkpoint.Load(_folder["c"]).Section("weights"));
    }

    private void AssertRefused(byte[] file, string fault)
    {
        File.WriteAllBytes(_folder["damaged"], file);
        var e = Assert.Throws<FormatException>(() => Checkpoint.Load(_folder["damaged"]));
        Assert.Contains($"'{_folder["damaged"]}'", e.Message, StringComparison.Ordinal);
        Assert.Contains(fault, e.Message, StringComparison.Ordinal);
    }

    private static CheckpointState State(int seed)
    {
        ModelConfig config = TestModels.LanguageModel().Config;
        var odd = new WeightTensor("moments/step", 3);
        new[] { float.NaN, float.NegativeInfinity, BitConverter.Int32BitsToSingle(0x7FA00001) }.CopyTo(odd.Values, 0);
        return new()
        {
            Fingerprint = new Dictionary<string, string?>
            {
                ["Model.HiddenSize"] = "5",
                ["Optimizer.Epsilon"] = null,
                ["Data.RowSeparator"] = "é\n",
            },
            Loop = new()
            {
                Step = 12,
                Seed = -4,
                Elapsed = TimeSpan.FromSeconds(1.5),
                Meter = new()
                {
                    SmoothedLoss = 1.0 / 3,
                    TotalTargets = 100,
                    LossSum = 2.5,
                    Targets = 7,
                    GradientNorm = double.PositiveInfinity,
                    FirstLoss = 3.9,
                    MeanLoss = 3.1,
                    History = TestModels.LanguageModel().Training!.History,
                },
                BestStep = 10,
                BestLoss = 0.1,
                BestScore = -0.1,
                BestValidation = null,
                EvaluationsSinceBest = 2,
            },
            Sections = new Dictionary<string, IReadOnlyList<WeightTensor>>
            {
                ["weights"] = [.. TestModels.RandomWeights(config, seed)],
                ["best"] = [.. TestModels.RandomWeights(config, seed + 100)],
                ["engine"] = [odd],
            },
        };
    }
}
