using RnnLm.Diagnostics;

namespace RnnLm.Modeling;

/// <summary>Everything that fixes the shapes of a model's weights and the way they are used. Saved with the weights.</summary>
internal sealed record ModelConfig
{
    /// <summary>Gets what the model predicts.</summary>
    public ModelTask Task { get; init; }

    /// <summary>Gets the kind of recurrent cell.</summary>
    public required CellType Cell { get; init; }

    /// <summary>Gets the activation of a plain <see cref="CellType.Rnn"/> cell.</summary>
    public Nonlinearity Nonlinearity { get; init; }

    /// <summary>Gets the number of token ids, V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Gets the number of hidden units of a layer, H.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Gets the number of layers, L.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Gets the length of the embedding, E; 0 for one-hot input.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Gets whether the output layer shares the embedding's weights.</summary>
    public bool TieWeights { get; init; }

    /// <summary>Gets the state from which a sequence starts.</summary>
    public InitialState InitialState { get; init; }

    /// <summary>Gets the number of conditions (classes whose learned embedding starts the state), or 0.</summary>
    public int Conditions { get; init; }

    /// <summary>Gets whether each layer reads the text in both directions. Only for classifiers.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Gets how a classifier pools the hidden states.</summary>
    public Pooling Pooling { get; init; }

    /// <summary>Gets the number of classes of a classifier, or 0.</summary>
    public int Classes { get; init; }

    /// <summary>Gets the number of gates: 1, 4 or 3.</summary>
    internal int Gates => Cell switch { CellType.Lstm => 4, CellType.Gru => 3, _ => 1 };

    /// <summary>Gets the number of directions, 1 or 2.</summary>
    internal int Directions => Bidirectional ? 2 : 1;

    /// <summary>Gets the number of state vectors of a layer: hidden alone, or hidden and cell.</summary>
    internal int StatesPerLayer => Cell == CellType.Lstm ? 2 : 1;

    /// <summary>Gets the width of a layer's input.</summary>
    internal int InputSize(int layer) =>
        layer > 0 ? HiddenSize * Directions : EmbeddingSize > 0 ? EmbeddingSize : VocabularySize;

    /// <summary>Gets the number of outputs: token ids or classes.</summary>
    internal int OutputSize => Classes > 0 ? Classes : VocabularySize;

    /// <summary>Refuses a model of the other kind.</summary>
    /// <exception cref="ArgumentException">The model is for another task.</exception>
    internal void MustClassify(bool classifies)
    {
        if (classifies != Classes > 0)
            throw new ArgumentException($"The model is a {(classifies ? "language model" : "classifier")}. Load it as what it is.");
    }

    /// <summary>Says what is wrong with a configuration that comes from a file.</summary>
    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Model");
        faults.Defined(Task);
        faults.Defined(Cell);
        faults.Defined(Nonlinearity);
        faults.Defined(InitialState);
        faults.Defined(Pooling);
        faults.InRange(VocabularySize, 1, 1_114_115);
        faults.InRange(HiddenSize, 1, 16_384);
        faults.InRange(Layers, 1, 64);
        faults.InRange(EmbeddingSize, 0, 16_384);
        bool classifier = Task == ModelTask.Classification;
        faults.InRange(Classes, classifier ? 1 : 0, classifier ? 1 << 20 : 0);
        faults.InRange(Conditions, 0, classifier ? 0 : 1 << 20);
        faults.Require(classifier || !Bidirectional, nameof(Bidirectional), "is only for classifiers");
        faults.Require(!TieWeights || (!classifier && EmbeddingSize == HiddenSize), nameof(TieWeights),
            $"needs a language model with {faults[nameof(EmbeddingSize)]} equal to {faults[nameof(HiddenSize)]}, but they are "
            + $"{EmbeddingSize} and {HiddenSize}");
    }

    /// <summary>Returns what models of all kinds have in common.</summary>
    internal static ModelConfig Of(ModelOptions options, int vocabularySize) => new()
    {
        Cell = options.Cell,
        Nonlinearity = options.Nonlinearity,
        VocabularySize = vocabularySize,
        HiddenSize = options.HiddenSize,
        Layers = options.Layers,
        EmbeddingSize = options.EmbeddingSize,
        InitialState = options.InitialState,
    };
}
