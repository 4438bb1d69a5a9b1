using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Modeling;

/// <summary>A model as a TorchSharp module, with the parameters, names and shapes of <see cref="ModelWeights"/>.</summary>
internal sealed class CharRnnModule : nn.Module
{
    private static readonly Lock Construction = new();

    private readonly ModelConfig _config;
    private readonly DropoutRates _dropout;
    [ComponentName(Name = "embedding")]
    private readonly Embedding? _embedding;
    [ComponentName(Name = "rnn")]
    private readonly RecurrentStack _rnn;
    [ComponentName(Name = "initial_state")]
    private readonly TorchParameter? _initialState;
    [ComponentName(Name = "condition")]
    private readonly Embedding? _condition;
    [ComponentName(Name = "output")]
    private readonly Linear _output;

    private CharRnnModule(ModelConfig config, Device device, ScalarType dtype, DropoutRates dropout) : base(nameof(CharRnnModule))
    {
        (_config, Device, Type, _dropout) = (config, device, dtype, dropout);
        int stateRows = config.Layers * config.Directions * config.StatesPerLayer;
        if (config.EmbeddingSize > 0)
            _embedding = nn.Embedding(config.VocabularySize, config.EmbeddingSize, device: device, dtype: dtype);
        _rnn = new RecurrentStack(config, device, dtype, dropout.BetweenLayers);
        if (config.InitialState == InitialState.Learned)
            _initialState = (TorchParameter)new TorchParameter(zeros(stateRows, config.HiddenSize, dtype, device)).DetachFromDisposeScope();
        if (config.Conditions > 0)
            _condition = nn.Embedding(config.Conditions, stateRows * config.HiddenSize, device: device, dtype: dtype);
        _output = config.TieWeights
            ? nn.Linear(_embedding!.weight!, new TorchParameter(zeros(config.OutputSize, dtype, device)))
            : nn.Linear(config.HiddenSize * config.Directions, config.OutputSize, device: device, dtype: dtype);
        RegisterComponents();
    }

    public Device Device { get; }

    /// <summary>Gets the type of weights and activations; logits always come as 32 bits.</summary>
    public ScalarType Type { get; }

    /// <summary>
    /// Makes a module; its weights are to be overwritten. libtorch's modules draw their first weights from the global generator, which is
    /// put back to where it was: an application's own random numbers do not depend on ours.
    /// </summary>
    public static CharRnnModule Create(ModelConfig config, Device device, ScalarType dtype = ScalarType.Float32,
        DropoutRates? dropout = null)
    {
        lock (Construction)
        {
            using Tensor position = random.get_rng_state();
            try
            {
                return new CharRnnModule(config, device, dtype, dropout ?? DropoutRates.None);
            }
            finally
            {
                random.set_rng_state(position);
            }
        }
    }

    /// <inheritdoc cref="RecurrentStack.CallOf"/>
    public int CallOf(string name) => _rnn.CallOf(name);

    /// <summary>Runs a batch of tokens.</summary>
    /// <param name="tokens">// [T, B]</param>
    /// <param name="initial">The state to start from.</param>
    /// <param name="lengths">The length of each sequence, longest first, on the CPU, or null where all have T. // [B]</param>
    /// <param name="dropout">The masks, or null for none.</param>
    /// <returns>The outputs of the last layer and the states at the ends. // [T, B, D·H]</returns>
    public (Tensor Output, RecurrentState State) forward(Tensor tokens, RecurrentState initial, Tensor? lengths = null,
        DropoutMasks? dropout = null)
    {
        Tensor input = Encode(tokens);
        if (dropout is not null && _embedding is not null)
            input = dropout.Apply(input, _dropout.Input);
        return _rnn.forward(input, initial, lengths, dropout);
    }

    /// <summary>Turns outputs into logits, of token ids or of classes. // [.., D·H] -> [.., V]</summary>
    public Tensor Project(Tensor output, DropoutMasks? dropout = null)
    {
        if (dropout is not null)
            output = dropout.Apply(output, _dropout.Output);
        return _output.call(output).to(ScalarType.Float32);
    }

    /// <summary>Turns a classifier's outputs into one vector a text. // [T, B, D·H] -> [B, D·H]</summary>
    public Tensor Pool(Tensor output, RecurrentState final, Tensor? lengths)
    {
        if (_config.Pooling == Pooling.Last)
        {
            Tensor last = final.Hidden.narrow(0, (_config.Layers - 1) * _config.Directions, _config.Directions);   // [D, B, H]
            return last.transpose(0, 1).reshape(last.shape[1], -1);
        }

        if (_config.Pooling == Pooling.Mean)
            return lengths is null ? output.mean([0]) : output.sum([0]) / lengths.to(Type, Device).unsqueeze(1);
        if (lengths is null)
            return output.max(0).values;
        Tensor past = Arithmetic.Numbers(output.shape[0]).unsqueeze(1) >= lengths.unsqueeze(0);   // [T, B]
        return output.With(float.NegativeInfinity, past.to(Device).unsqueeze(2)).max(0).values;
    }

    /// <summary>Returns the state that sequences start from: that of their condition, else the model's own.</summary>
    /// <param name="batchSize">The number of sequences.</param>
    /// <param name="conditions">The condition of each, or -1 for none; null for none at all. // [B]</param>
    public RecurrentState StartState(long batchSize, Tensor? conditions)
    {
        long rows = _config.Layers * _config.Directions, states = _config.StatesPerLayer, hidden = _config.HiddenSize;
        Tensor start = _initialState?.view(rows, states, 1, hidden) ?? zeros(rows, states, 1, hidden, Type, Device);
        if (_config.InitialState == InitialState.Ones)
            start.select(1, 0).Fill(1);
        start = start.expand(rows, states, batchSize, hidden);
        if (_condition is not null && conditions is not null)
        {
            // [L·D, S, B, H]
            Tensor own = _condition.call(conditions.AtLeast(0)).view(batchSize, rows, states, hidden).permute(1, 2, 0, 3);
            start = where(conditions.IsAtLeast(0).view(1, 1, batchSize, 1), own, start);
        }

        return new(start.select(1, 0).contiguous(), states == 2 ? start.select(1, 1).contiguous() : null);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _embedding?.Dispose();
            _rnn.Dispose();
            _initialState?.Dispose();
            _condition?.Dispose();
            _output.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Looks the tokens up in the embedding, or makes one-hot vectors. // [T, B] -> [T, B, E]</summary>
    private Tensor Encode(Tensor tokens)
    {
        if (_embedding is not null)
            return _embedding.call(tokens);
        Tensor index = tokens.unsqueeze(2);
        return zeros(tokens.shape[0], tokens.shape[1], _config.VocabularySize, Type, Device)
            .scatter_(2, index, ones(1, 1, 1, Type, Device).expand_as(index));
    }
}
