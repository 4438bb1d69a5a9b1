using RnnLm.Engines;
using RnnLm.Managed.Inference;
using RnnLm.Managed.Training;
using RnnLm.Modeling;

namespace RnnLm.Managed;

/// <summary>Estimates what the managed engine takes of memory, from the sizes of its buffers, before any of them is made.</summary>
internal static class ManagedMemory
{
    // A buffer that grows takes a quarter more than it needs.
    private const double Spare = 1.25;

    // The rows that a thread copies together for the gradients of weights, and the columns that go with them.
    private const double ScratchRows = 384, ScratchColumns = 128;

    /// <summary>Estimates what a training session takes.</summary>
    /// <param name="config">The model.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="positions">The number of positions of the largest minibatch.</param>
    /// <param name="sequences">The number of sequences of the largest minibatch.</param>
    public static MemoryNeed Training(ModelConfig config, TrainingSessionOptions options, long positions, long sequences)
    {
        int directions = config.Directions, layers = config.Layers, blocks = config.Cell == CellType.Gru ? 4 : config.Gates;
        int hidden = Axis.RoundUp(config.HiddenSize), embedding = Axis.RoundUp(config.EmbeddingSize);
        int outputs = Axis.RoundUp(config.OutputSize), states = config.StatesPerLayer;
        int state = Axis.RowStride(hidden), layer = Axis.RowStride(directions * hidden), gate = Axis.RowStride(blocks * hidden);
        DropoutRates dropout = options.Dropout;
        double gates = (double)directions * config.Gates * hidden;

        double recurrent = layers * gates * hidden, above = (layers - 1) * gates * directions * hidden, first = gates * embedding;
        double output = (double)outputs * directions * hidden, table = config.VocabularySize * gates;
        double weights = recurrent + above + (config.EmbeddingSize > 0 ? first : table) + ((double)config.VocabularySize * embedding)
            + (config.TieWeights ? 0 : output) + ((config.Conditions + 1.0) * layers * directions * states * hidden) + (2 * layers * gates);
        double packed = 2 * (recurrent + above + first + output);
        double model = (weights * (2 + OptimizerMoments.Names(options.Optimizer).Length)) + packed
            + (dropout.Recurrent > 0 ? 2 * recurrent : 0) + (config.EmbeddingSize > 0 ? 2 * table : 0);

        bool classifies = config.Classes > 0, drops = dropout.BetweenLayers > 0 || dropout.Output > 0;
        double position = (layers * directions * (gate + ((config.Cell == CellType.Lstm ? 3.0 : 1.0) * state)))
            + (layers * layer * (drops ? 2.0 : 1.0)) + (Math.Min(layers, 2) * layer) + (classifies ? 0 : outputs + 3);
        double sequence = (3.0 * layers * directions * states * state) + (classifies ? (3.0 * directions * hidden) + outputs : 0);
        // Up to as many positions as there are tokens, and where inputs are dropped all of them, read the embedding by themselves.
        double gathered = dropout.Input > 0 ? positions : Math.Min(positions, config.VocabularySize);
        double scratch = options.Threads * ScratchRows * (ScratchColumns + Math.Max(layer, embedding));
        double minibatch = (Spare * ((positions * position) + (sequences * sequence) + (gathered * 2 * embedding))) + scratch;
        double longest = Spare * positions * Math.Max(gate, Math.Max(layer, classifies ? 0 : outputs));
        if (options.Privacy is { } privacy)
        {
            // Each thread runs a row in a network of its own, which has gradients and packed weights.
            int rows = privacy.RowsAtATime(options.Threads);
            model += rows * (weights + packed);
            minibatch += rows * Spare * ((Math.Ceiling((double)positions / sequences) * (position + (2 * embedding)))
                + sequence);
        }

        return new(model * sizeof(float), minibatch * sizeof(float), Math.Max(weights, longest));
    }

    /// <summary>Estimates what a model takes when it is made ready to run, beside the weights that it is made of.</summary>
    public static MemoryNeed Inference(ModelConfig config)
    {
        // Vectors have 16 floats at most.
        double hidden = (config.HiddenSize + 15) / 16 * 16, gates = hidden * config.Gates;
        double tokens = config.VocabularySize * gates, recurrent = gates * config.HiddenSize, input = gates * config.EmbeddingSize;
        double above = (config.Layers - 1) * gates * config.HiddenSize * config.Directions;
        bool looksUp = config.EmbeddingSize == 0 || tokens <= PackedLayer.LargestTable;
        double first = looksUp ? tokens : input + ((double)config.VocabularySize * config.EmbeddingSize / config.Directions);
        double outputs = (config.OutputSize + 15.0) * config.HiddenSize * config.Directions;
        double floats = (config.Directions * ((config.Layers * recurrent) + above + first)) + outputs;
        return new(floats * sizeof(float), LongestArray: Math.Max(Math.Max(recurrent, outputs), first));
    }
}
