using System.Numerics;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>The weights of a network and their gradients: two arrays in which each tensor has its place, so that an optimiser runs over
/// them in one go.</summary>
internal sealed unsafe class NetworkParameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<string, Parameter> _byName = new(StringComparer.Ordinal);

    /// <summary>Makes parameters of zeros.</summary>
    /// <param name="config">The model.</param>
    /// <param name="shared">Another network's parameters, whose weights these are too; the gradients are these parameters' own. Or
    /// null.</param>
    public NetworkParameters(ModelConfig config, NetworkParameters<T>? shared = null)
    {
        Axis hidden = Axis.Of(1, config.HiddenSize), gates = Axis.Of(config.Gates, config.HiddenSize),
            outputs = Axis.Of(config.Directions, config.HiddenSize);
        Axis states = Axis.Of(config.Layers * config.Directions * config.StatesPerLayer, config.HiddenSize);
        bool gru = config.Cell == CellType.Gru, oneHot = config.EmbeddingSize == 0;
        foreach ((string name, int[] shape) in ModelWeights.Layout(config))
        {
            string kind = name.Split("_l")[0];
            Axis plain = Axis.Rows(shape[0]), one = Axis.Rows(1);
            bool first = name.StartsWith("rnn.weight_ih_l0", StringComparison.Ordinal);
            Add(kind switch
            {
                "rnn.weight_ih" when first && oneHot =>
                    new(name, shape, Length, gates, Axis.Rows(config.VocabularySize), transposed: true, lastGateFirst: gru),
                "rnn.weight_ih" => new(name, shape, Length, gates, first ? Axis.Of(1, config.EmbeddingSize) : outputs, lastGateFirst: gru),
                "rnn.weight_hh" => new(name, shape, Length, gates, hidden),
                "rnn.bias_ih" => new(name, shape, Length, one, gates, lastGateFirst: gru),
                "rnn.bias_hh" => new(name, shape, Length, one, gates),
                "embedding.weight" => new(name, shape, Length, plain, Axis.Of(1, config.EmbeddingSize)),
                "initial_state" => new(name, shape, Length, plain, hidden),
                "condition.weight" => new(name, shape, Length, plain, states),
                "output.weight" => new(name, shape, Length, plain, outputs),
                "output.bias" => new(name, shape, Length, one, Axis.Of(1, config.OutputSize)),
                _ => throw new NotSupportedException($"There is no place for '{name}'."),
            });
        }

        Values = shared?.Values ?? new(Length);
        Gradients = new(Length);
    }

    /// <summary>Gets the tensors' places, in the order of <see cref="ModelWeights"/>.</summary>
    public List<Parameter> All { get; } = [];

    /// <summary>Gets the number of elements, padding included.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the weights.</summary>
    public AlignedBuffer<T> Values { get; }

    /// <summary>Gets the gradients.</summary>
    public AlignedBuffer<T> Gradients { get; }

    /// <summary>Gets a tensor's place.</summary>
    public Parameter this[string name] => _byName[name];

    /// <summary>Gets a tensor's place, or <see langword="null"/> where the model has none of that name.</summary>
    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Returns the address of a tensor's weights.</summary>
    public T* Value(Parameter parameter) => Values.Pointer + parameter.Offset;

    /// <summary>Returns the address of a tensor's gradients.</summary>
    public T* Gradient(Parameter parameter) => Gradients.Pointer + parameter.Offset;

    /// <summary>Copies an array of this layout out.</summary>
    public void Read(AlignedBuffer<T> source, ModelWeights destination)
    {
        foreach (Parameter parameter in All)
            parameter.Read<T>(source.Span, destination[parameter.Name].Values);
    }

    /// <summary>Copies weights in.</summary>
    public void WriteValues(ModelWeights source)
    {
        // The padding, too: a diverged training may have left NaN there.
        Values.Span.Clear();
        foreach (Parameter parameter in All)
            parameter.Write(source[parameter.Name].Values, Values.Span);
    }

    private void Add(Parameter parameter)
    {
        All.Add(parameter);
        _byName.Add(parameter.Name, parameter);
        Length += (parameter.Length + Axis.Padding - 1) / Axis.Padding * Axis.Padding;
    }
}
