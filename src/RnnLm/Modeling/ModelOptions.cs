using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>The shape of the network, as far as models of all kinds have it.</summary>
public class ModelOptions
{
    /// <summary>Gets or sets the kind of recurrent cell.</summary>
    /// <value>The default value is <see cref="CellType.Lstm"/>.</value>
    [OnResume(mayChange: false)]
    public CellType Cell { get; set; } = CellType.Lstm;

    /// <summary>Gets or sets the activation of a plain <see cref="CellType.Rnn"/> cell. Other cells ignore it.</summary>
    /// <value>The default value is <see cref="Nonlinearity.Tanh"/>.</value>
    [OnResume(mayChange: false)]
    public Nonlinearity Nonlinearity { get; set; } = Nonlinearity.Tanh;

    /// <summary>Gets or sets the number of hidden units of each layer.</summary>
    /// <value>The default value is 256.</value>
    [OnResume(mayChange: false)]
    public int HiddenSize { get; set; } = 256;

    /// <summary>Gets or sets the number of recurrent layers, one above the other.</summary>
    /// <value>The default value is 1.</value>
    [OnResume(mayChange: false)]
    public int Layers { get; set; } = 1;

    /// <summary>Gets or sets the length of a character's embedding vector; 0 feeds characters as one-hot vectors.</summary>
    /// <value>The default value is 64.</value>
    [OnResume(mayChange: false)]
    public int EmbeddingSize { get; set; } = 64;

    /// <summary>Gets or sets the probability with which an output of a layer is dropped before the next layer, in training.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double Dropout { get; set; }

    /// <summary>Gets or sets the probability with which an element of the embedding is dropped, in training.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double InputDropout { get; set; }

    /// <summary>Gets or sets the probability with which an output of the last layer is dropped before the output layer, in
    /// training.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double OutputDropout { get; set; }

    /// <summary>
    /// Gets or sets the probability with which a recurrent weight, one of those from a layer's state to its next, is dropped for a whole
    /// step, in training: DropConnect (Wan et al., 2013) as Merity et al. (2017) use it. It works against learning a small text by heart
    /// where other dropout is not enough.
    /// </summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double RecurrentDropout { get; set; }

    /// <summary>Gets or sets how the weights are drawn before training.</summary>
    /// <value>The default value is <see cref="WeightInitialization.PyTorch"/>.</value>
    [OnResume(mayChange: false)]
    public WeightInitialization Initialization { get; set; } = WeightInitialization.PyTorch;

    /// <summary>Gets or sets the standard deviation for <see cref="WeightInitialization.Normal"/>.</summary>
    /// <value>The default value is 0.01.</value>
    [OnResume(mayChange: false)]
    public double InitializationStandardDeviation { get; set; } = 0.01;

    /// <summary>Gets or sets the state from which a sequence starts.</summary>
    /// <value>The default value is <see cref="InitialState.Zeros"/>.</value>
    [OnResume(mayChange: false)]
    public InitialState InitialState { get; set; } = InitialState.Zeros;

    internal ModelOptions Clone() => (ModelOptions)MemberwiseClone();

    internal virtual void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Model");
        faults.Defined(Cell);
        faults.Defined(Nonlinearity);
        faults.Defined(Initialization);
        faults.Defined(InitialState);
        faults.InRange(HiddenSize, 1, 16_384);
        faults.InRange(Layers, 1, 64);
        faults.InRange(EmbeddingSize, 0, 16_384);
        faults.Probability(Dropout);
        faults.Probability(InputDropout);
        faults.Probability(OutputDropout);
        faults.Probability(RecurrentDropout);
        faults.Positive(InitializationStandardDeviation);
    }
}
