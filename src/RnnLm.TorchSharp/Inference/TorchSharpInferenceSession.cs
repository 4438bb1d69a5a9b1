using System.Runtime.InteropServices;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Inference;

/// <summary>The states of several texts, side by side on a libtorch device.</summary>
internal sealed class TorchSharpInferenceSession : IInferenceSession
{
    private readonly TorchSharpLanguageModel _model;
    private readonly CharRnnModule _module;
    private readonly ModelConfig _config;
    private readonly RecurrentState _state;   // [L, lanes, H]
    private readonly Tensor _tokens;          // [lanes], on the CPU
    private bool _disposed;

    public TorchSharpInferenceSession(TorchSharpLanguageModel model, CharRnnModule module, int lanes)
    {
        (_model, _module, _config, Lanes) = (model, module, model.Config, lanes);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        _state = module.StartState(lanes, conditions: null).Map(state => state.clone());
        _state.ForEach(state => state.DetachFromDisposeScope());
        _tokens = zeros(lanes, ScalarType.Int64, CPU).DetachFromDisposeScope();
    }

    public int Lanes { get; }

    public int StateSize => _config.Layers * _config.StatesPerLayer * _config.HiddenSize;

    public void Reset(int lane, int condition = -1)
    {
        using DisposeScope scope = Begin();
        using IDisposable inference = inference_mode();
        if (condition < -1 || condition >= _config.Conditions)
            throw new ArgumentOutOfRangeException(nameof(condition), condition,
                $"The model has {_config.Conditions} conditions, from 0, and -1 for none.");
        Tensor? conditions = condition < 0 ? null : HostArrays.ToTensor([condition], _module.Device, 1);
        Assign(lane, _module.StartState(1, conditions));
    }

    public void Copy(int source, int destination)
    {
        using DisposeScope scope = Begin();
        using IDisposable inference = inference_mode();
        Assign(destination, Lane(source));
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        Check(tokens, logits);
        if (tokens.IsEmpty)
            return;
        using DisposeScope scope = Begin();
        using IDisposable inference = inference_mode();
        HostArrays.Widen(tokens, MemoryMarshal.Cast<byte, long>(_tokens.bytes)[..tokens.Length]);
        RecurrentState before = _state.Sequences(0, tokens.Length);
        (Tensor output, RecurrentState after) =
            _module.forward(_tokens.narrow(0, 0, tokens.Length).to(_module.Device).unsqueeze(0), before.Contiguous());
        before.Hidden.copy_(after.Hidden);
        before.Cell?.copy_(after.Cell!);
        if (!logits.IsEmpty)
            HostArrays.Read(_module.Project(output), logits);
    }

    public void ReadState(int lane, Span<float> state)
    {
        using DisposeScope scope = Begin();
        using IDisposable inference = inference_mode();
        RecurrentState own = Lane(lane);   // [L, 1, H]
        HostArrays.Read(own.Cell is null ? own.Hidden : Tensors.Join([own.Hidden, own.Cell], 1), state);
    }

    public void WriteState(int lane, ReadOnlySpan<float> state)
    {
        using DisposeScope scope = Begin();
        using IDisposable inference = inference_mode();
        Tensor values = HostArrays.ToTensor(state, _module.Device, _config.Layers, _config.StatesPerLayer, _config.HiddenSize);
        Assign(lane, new(values.narrow(1, 0, 1), _state.Cell is null ? null : values.narrow(1, 1, 1)));
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _state.ForEach(state => state.Dispose());
        _tokens.Dispose();
        _model.Release();
    }

    private void Check(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        if (tokens.Length > Lanes)
            throw new ArgumentException($"There are {tokens.Length} tokens for {Lanes} lanes.", nameof(tokens));
        if (!logits.IsEmpty && logits.Length < tokens.Length * _config.VocabularySize)
            throw new ArgumentException($"There is room for {logits.Length} logits, but {tokens.Length * _config.VocabularySize} are "
                + "needed.", nameof(logits));
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)_config.VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"Tokens are from 0 to {_config.VocabularySize - 1}.");
        }
    }

    /// <summary>Copies the state of one text into a lane.</summary>
    private void Assign(int lane, RecurrentState source)
    {
        RecurrentState own = Lane(lane);
        own.Hidden.copy_(source.Hidden);
        own.Cell?.copy_(source.Cell!);
    }

    private RecurrentState Lane(int lane)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)Lanes, nameof(lane));
        return _state.Sequences(lane, 1);
    }

    private DisposeScope Begin()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _model.Begin();
    }
}
