using System.Globalization;
using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Managed;
using RnnLm.Managed.Training;
using RnnLm.Modeling;

namespace RnnLm.Training;

/// <summary>Estimates what a training takes of memory, and refuses one that takes more than there is before any of it is taken.</summary>
/// <param name="choice">The engine and its device.</param>
/// <param name="session">How the engine trains.</param>
/// <param name="training">What is kept beside the engine.</param>
/// <param name="size">How large minibatches are.</param>
/// <param name="resizable">Whether the size of the model is the user's to choose, and not that of a model that is trained further.</param>
internal sealed class TrainingMemory(
    EngineChoice choice, TrainingSessionOptions session, TrainingOptions training, MinibatchSize size, bool resizable)
{
    /// <summary>Refuses a model that is too large whatever the text: its vocabulary need not be known.</summary>
    /// <exception cref="MemoryLimitException">It takes more memory than there is.</exception>
    public void Require(ModelConfig config) =>
        Require(config, positions: 1, usual: (long)size.Sequences * size.UsualLength);

    /// <summary>Refuses a training that takes too much.</summary>
    /// <param name="config">The model.</param>
    /// <param name="batches">The training data.</param>
    /// <param name="validation">The validation data, which are read by the same buffers; or null.</param>
    /// <exception cref="MemoryLimitException">It takes more memory than there is.</exception>
    public void Require(ModelConfig config, BatchSource batches, ValidationData? validation) =>
        Require(config, Math.Max(batches.MostPositions, validation?.MostPositions ?? 0), usual: 0);

    /// <param name="config">The model.</param>
    /// <param name="positions">The number of positions of the largest minibatch, as far as it is known.</param>
    /// <param name="usual">As many as there may be where it is not: what is advised is to fit then too.</param>
    private void Require(ModelConfig config, long positions, long usual)
    {
        MachineMemory machine = MachineMemory.Current;
        MemoryNeed need = Estimate(config, positions);
        long left = machine.Left(need.Total);
        if (need.FitsInto(left))
            return;
        string problem = need.Total > left
            ? $"training takes about {MachineMemory.Describe(need.Total)} of memory, but {machine.DescribeLeft(left)}"
            : string.Create(CultureInfo.InvariantCulture,
                $"training needs an array of {need.LongestArray:N0} numbers, but the longest possible has {Array.MaxLength:N0}");
        throw new MemoryLimitException($"{problem}. The model with its gradients, the optimizer's state and the copies that are kept takes "
            + $"{MachineMemory.Describe(need.Model)}, a minibatch {MachineMemory.Describe(need.Minibatch)}. "
            + $"{Advise(config, Math.Max(positions, usual), need, left)}");
    }

    private MemoryNeed Estimate(ModelConfig config, long positions, int batchSize = 0)
    {
        double parameters = Parameters(config), longest = ModelWeights.Layout(config).Max(Count);
        int moments = OptimizerMoments.Names(session.Optimizer).Length;
        // The weights that are started from, the best and the latest; the average and the newest; what a checkpoint copies out,
        // and what the one holds from which training goes on.
        double kept = 3 + (training.AveragingDecay > 0 ? 2 : 0)
            + (training.CheckpointPath is null ? 0 : 1 + moments) + (training.Resume ? 2 : 0);
        double copies = kept * parameters * sizeof(float);
        if (choice.Device.Kind != DeviceKind.Cpu)
            return new(copies, LongestArray: longest);
        long sequences = Math.Min(positions, batchSize > 0 ? batchSize : size.Sequences);
        MemoryNeed engine = ManagedMemory.Training(config, session, positions, sequences);
        if (choice.Engine.Kind == EngineKind.Managed)
            return engine with { Model = engine.Model + copies };
        // libtorch keeps about twice as much of each position for the backward pass.
        return new(copies + ((2 + moments) * parameters * sizeof(float)), 2 * engine.Minibatch, longest);
    }

    private static double Parameters(ModelConfig config) => ModelWeights.Layout(config).Sum(Count);

    private static double Count((string Name, int[] Shape) tensor) => tensor.Shape.Aggregate(1.0, (product, length) => product * length);

    /// <summary>Looks for a setting that fits with a tenth to spare, of the option that counts most.</summary>
    private OptionMessage Advise(ModelConfig config, long positions, MemoryNeed need, long left)
    {
        left -= left / 10;
        if (resizable && need.Model >= need.Minibatch)
        {
            for (int hidden = (config.HiddenSize - 1) / 64 * 64; hidden > 0; hidden -= 64)
            {
                if (!Estimate(Resize(config, hidden), positions).FitsInto(left))
                    continue;
                OptionMessage width = config.TieWeights
                    ? $"{OptionIds.HiddenSize.Set(hidden)} with {OptionIds.EmbeddingSize.Set(hidden)}"
                    : (OptionMessage)$"{OptionIds.HiddenSize.Set(hidden)}";
                return $"{width} fits; or lower {OptionIds.Layers}.";
            }
        }

        for (int sequences = size.Sequences / 2; sequences > 0; sequences /= 2)
        {
            if (Estimate(config, positions * sequences / size.Sequences, sequences).FitsInto(left))
                return $"{OptionIds.BatchSize.Set(sequences)} fits; or lower {size.Bound}.";
        }

        return resizable
            ? (OptionMessage)$"Lower {OptionIds.HiddenSize}, {OptionIds.Layers}, {OptionIds.BatchSize} or {size.Bound}."
            : $"Lower {OptionIds.BatchSize} or {size.Bound}, or train on a machine with more memory.";
    }

    private static ModelConfig Resize(ModelConfig config, int size) =>
        config with { HiddenSize = size, EmbeddingSize = config.TieWeights ? size : config.EmbeddingSize };
}
