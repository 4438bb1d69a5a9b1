using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RnnLm.Peers;

/// <summary>libtorch through TorchSharp as its users write it, without a line of ours.</summary>
internal sealed class LibTorchPeer : IDisposable
{
    private readonly PeerConfig _config;
    private readonly Embedding? _embedding;
    private readonly nn.Module _recurrent;
    private readonly Linear _output;

    public LibTorchPeer(PeerConfig config, int threads)
    {
        set_num_threads(threads);
        _config = config;
        _embedding = config.Embedding == 0 ? null : nn.Embedding(config.Vocabulary, config.Embedding);
        _recurrent = config.Cell switch
        {
            "rnn" => nn.RNN(config.Input, config.Hidden, config.Layers),
            "gru" => nn.GRU(config.Input, config.Hidden, config.Layers),
            _ => nn.LSTM(config.Input, config.Hidden, config.Layers),
        };
        _output = nn.Linear(config.Hidden, config.Vocabulary);
    }

    /// <summary>Trains with Adam, the gradients clipped by their norm, the state carried on.</summary>
    /// <returns>Characters a second.</returns>
    public double Train(double seconds)
    {
        Parameter[] parameters = [.. _embedding?.parameters() ?? [], .. _recurrent.parameters(), .. _output.parameters()];
        using var optimizer = optim.Adam(parameters, 2e-3);
        using Tensor text = randint(_config.Vocabulary, [_config.Length + 1, _config.Batch]);
        using Tensor inputs = text.slice(0, 0, _config.Length, 1), targets = text.slice(0, 1, _config.Length + 1, 1).reshape(-1);
        Tensor? hidden = null, cell = null;
        double rate = Rate.Of(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor logits, Tensor newHidden, Tensor? newCell) = Run(inputs, hidden, cell);
            Tensor loss = nn.functional.cross_entropy(logits.view(-1, _config.Vocabulary), targets);
            optimizer.zero_grad();
            loss.backward();
            nn.utils.clip_grad_norm_(parameters, 5);
            optimizer.step();
            Keep(ref hidden, newHidden.detach());
            Keep(ref cell, newCell?.detach());
        }, seconds);
        hidden?.Dispose();
        cell?.Dispose();
        return rate * _config.Length * _config.Batch;
    }

    /// <summary>Writes several texts side by side, each character known before the next.</summary>
    /// <returns>Characters a second.</returns>
    public double Sample(int texts, double seconds)
    {
        using IDisposable inference = inference_mode();
        Tensor? hidden = null, cell = null, tokens = zeros(1, texts, dtype: ScalarType.Int64);
        double rate = Rate.Of(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor logits, Tensor newHidden, Tensor? newCell) = Run(tokens!, hidden, cell);
            Tensor drawn = multinomial(nn.functional.softmax(logits[0] / 0.8, -1), 1).view(1, texts);
            _ = drawn.data<long>().ToArray();
            Keep(ref tokens, drawn);
            Keep(ref hidden, newHidden);
            Keep(ref cell, newCell);
        }, seconds);
        hidden?.Dispose();
        cell?.Dispose();
        tokens?.Dispose();
        return rate * texts;
    }

    public void Dispose()
    {
        _embedding?.Dispose();
        _recurrent.Dispose();
        _output.Dispose();
    }

    private static void Keep(ref Tensor? kept, Tensor? next)
    {
        kept?.Dispose();
        kept = next?.MoveToOuterDisposeScope();
    }

    private (Tensor Logits, Tensor Hidden, Tensor? Cell) Run(Tensor tokens, Tensor? hidden, Tensor? cell)
    {
        Tensor input = _embedding is null ? nn.functional.one_hot(tokens, _config.Vocabulary)
            .to(ScalarType.Float32) : _embedding.call(tokens);
        switch (_recurrent)
        {
            case LSTM lstm:
                (Tensor states, Tensor last, Tensor lastCell) = lstm.call(input, hidden is null ? null : (hidden, cell!));
                return (_output.call(states), last, lastCell);
            case GRU gru:
                (states, last) = gru.call(input, hidden);
                return (_output.call(states), last, null);
            default:
                (states, last) = ((RNN)_recurrent).call(input, hidden);
                return (_output.call(states), last, null);
        }
    }
}
