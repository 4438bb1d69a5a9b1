using RnnLm.Data;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Training;

/// <summary>Adds to a minibatch what the options ask for beside the text: the state it starts from, and where the model reads its own
/// predictions.</summary>
internal sealed class BatchShaper(ModelConfig config, double teacherForcingRatio, ulong seed)
{
    public void ShapeForTraining(Minibatch batch, long number)
    {
        if (!batch.CarryState && batch.Conditions is null)
            batch.InitialHidden = InitialHidden(batch.BatchSize, number);
        if (teacherForcingRatio < 1)
            batch.FreeRunning = FreeRunning(batch, number);
    }

    /// <summary>Validation starts from ones where training does, and from zeros, the mean, where training draws its states.</summary>
    public void ShapeForEvaluation(Minibatch batch)
    {
        if (!batch.CarryState && batch.Conditions is null && config.InitialState == InitialState.Ones)
            batch.InitialHidden = InitialHidden(batch.BatchSize, 0);
    }

    private float[]? InitialHidden(int batchSize, long number)
    {
        if (config.InitialState is not (InitialState.Ones or InitialState.Normal))
            return null;
        var hidden = new float[config.Layers * config.Directions * batchSize * config.HiddenSize];   // [L, B, H]
        if (config.InitialState == InitialState.Ones)
        {
            Array.Fill(hidden, 1);
            return hidden;
        }

        var random = new CounterRandom(seed, (ulong)number, RandomPurpose.InitialState);
        for (int i = 0; i < hidden.Length; i++)
            hidden[i] = (float)random.NextNormal();
        return hidden;
    }

    private bool[] FreeRunning(Minibatch batch, long number)
    {
        var random = new CounterRandom(seed, (ulong)number, RandomPurpose.TeacherForcing);
        var free = new bool[batch.Length * batch.BatchSize];   // [T, B]
        for (int i = batch.BatchSize; i < free.Length; i++)
            free[i] = random.NextDouble() >= teacherForcingRatio;
        return free;
    }
}
