using RnnLm.Modeling;
using RnnLm.SafeTensors;

namespace RnnLm.Tests.Training;

/// <summary>Checkpoints whose checksums are right and whose contents are not.</summary>
public sealed class DamagedCheckpointTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A damaged checkpoint is refused by its file and by what is wrong, or as another training's; one that is read goes on to a model that
    /// can be saved.
    /// </summary>
    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Sgd)]
    public void IsRefusedOrGoesOn(OptimizerKind optimizer)
    {
        LanguageModelOptions options = Options(optimizer);
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        (List<WeightTensor> tensors, Dictionary<string, string> metadata) = Read();
        (options.Training.Resume, options.Training.MaxSteps) = (true, 5);
        int refused = 0, ofAnother = 0, wentOn = 0;
        foreach (int number in Damage.Cases(400))
        {
            var random = new Random(number);
            Write(random, tensors, metadata);
            try
            {
                using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, options);
                model.Save(_folder["m.zip"]);
                RnnLanguageModel.Load(_folder["m.zip"]).Dispose();
                wentOn++;
            }
            catch (FormatException e)
            {
                refused++;
                Assert.StartsWith($"Checkpoint '{_folder["c"]}' can't be read: ", e.Message, StringComparison.Ordinal);
                Assert.EndsWith(". Name another file, or delete this one to begin anew.", e.Message, StringComparison.Ordinal);
            }
            catch (CheckpointException e)
            {
                ofAnother++;
                Assert.NotEmpty(e.Differences);
            }
            catch (OptionsException e)
            {
                // More steps than were asked for: that may be so.
                Assert.Contains("steps behind it", e.Message, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"case {number}: {e}");
            }
        }

        Assert.True(refused > 100 && ofAnother > 20 && wentOn > 10, $"{refused} refused, {ofAnother} of others, {wentOn} went on");
    }

    [Theory]
    [InlineData("\"Step\":4,", "\"Step\":-4,", "in its 'loop_state', Step is -4")]
    [InlineData("\"Step\":4,", "\"Step\":\"four\",", "its 'loop_state' is not what it should be at Step")]
    [InlineData("\"MeanLoss\":", "\"MeanLoss\":1000", "its losses are those of a training that diverged")]
    [InlineData("\"BestLoss\":", "\"BestLoss\":-1e999,\"Other\":", "its 'loop_state' is not what it should be")]
    public void AFaultOfTheTrainingsStateIsSaid(string text, string damaged, string fault)
    {
        LanguageModelOptions options = Options(OptimizerKind.Adam);
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        (List<WeightTensor> tensors, Dictionary<string, string> metadata) = Read();
        Assert.Contains(text, metadata["loop_state"], StringComparison.Ordinal);
        metadata["loop_state"] = metadata["loop_state"].Replace(text, damaged, StringComparison.Ordinal);
        string refusal = Refusal(options, tensors, metadata);

        Assert.StartsWith($"Checkpoint '{_folder["c"]}' can't be read: {fault}", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weights/output.bias", float.NaN, "its section 'weights' holds NaN or infinity")]
    [InlineData("best/output.bias", float.NaN, "its section 'best' holds NaN or infinity")]
    [InlineData("average/output.bias", float.PositiveInfinity, "its section 'average' holds NaN or infinity")]
    [InlineData("engine/exp_avg.output.bias", float.NaN, "its 'engine/exp_avg.output.bias' holds NaN or infinity")]
    [InlineData("engine/counters", 0.5f, "The training state's 'counters' holds 0.5, which is no part of a counter")]
    public void AFaultOfAnArrayIsSaid(string name, float value, string fault)
    {
        LanguageModelOptions options = Options(OptimizerKind.Adam);
        RnnLanguageModel.Train(TinyTraining.Rows, options).Dispose();
        (List<WeightTensor> tensors, Dictionary<string, string> metadata) = Read();
        tensors.Single(tensor => tensor.Name == name).Values[1] = value;
        string refusal = Refusal(options, tensors, metadata);

        Assert.StartsWith($"Checkpoint '{_folder["c"]}' can't be read: {fault}", refusal, StringComparison.Ordinal);
    }

    private string Refusal(LanguageModelOptions options, List<WeightTensor> tensors, Dictionary<string, string> metadata)
    {
        using (FileStream file = File.Create(_folder["c"]))
            SafeTensorsWriter.Write(file, tensors, metadata);
        options.Training.Resume = true;
        return Assert.Throws<FormatException>(() => RnnLanguageModel.Train(TinyTraining.Rows, options)).Message;
    }

    private LanguageModelOptions Options(OptimizerKind optimizer)
    {
        LanguageModelOptions options = TinyTraining.Options(cell: CellType.Lstm);
        (options.Model.HiddenSize, options.Model.EmbeddingSize) = (8, 4);
        (options.Optimizer.Kind, options.Optimizer.Momentum) = (optimizer, 0.5);
        (options.Data.HiddenState, options.Training.AveragingDecay) = (HiddenStateMode.Carry, 0.9);
        (options.Training.MaxSteps, options.Training.EvaluateEvery, options.Training.CheckpointPath) = (4, 2, _folder["c"]);
        return options;
    }

    private (List<WeightTensor> Tensors, Dictionary<string, string> Metadata) Read()
    {
        using FileStream file = File.OpenRead(_folder["c"]);
        using var reader = new SafeTensorsReader(file, file.Length);
        var tensors = new List<WeightTensor>();
        foreach (TensorInfo info in reader.Tensors)
        {
            tensors.Add(new WeightTensor(info.Name, info.Shape));
            reader.Read(info, tensors[^1].Values);
        }

        return (tensors, reader.Metadata.Where(entry => entry.Key != SafeTensorsChecksum.Key).ToDictionary());
    }

    private void Write(Random random, List<WeightTensor> tensors, Dictionary<string, string> metadata)
    {
        tensors = [.. tensors.Select(tensor => TensorDamage.Copy(tensor, tensor.Name, tensor.Shape))];
        metadata = new(metadata);
        switch (random.Next(5))
        {
            case 0: TensorDamage.Damage(random, tensors); break;
            case 1: metadata["fingerprint"] = Damage.Json(random, metadata["fingerprint"]); break;
            case 2 when random.Next(4) == 0: metadata.Remove(metadata.Keys.ElementAt(random.Next(metadata.Count))); break;
            default: metadata["loop_state"] = Damage.Json(random, metadata["loop_state"]); break;
        }

        using FileStream file = File.Create(_folder["c"]);
        SafeTensorsWriter.Write(file, tensors, metadata);
    }
}
