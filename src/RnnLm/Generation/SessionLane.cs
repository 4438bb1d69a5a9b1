using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Numerics;

namespace RnnLm.Generation;

/// <summary>The state of one text and the logits of what follows it, with places to keep earlier ones.</summary>
internal sealed class SessionLane : IDisposable
{
    private const int Places = 2;

    private readonly IInferenceSession _session;   // lane 0 is the text; the others hold what was saved
    private readonly float[][] _logits;   // [1 + places, V]
    private readonly int[] _token = new int[1];

    public SessionLane(ILanguageModelRuntime model)
    {
        Model = model;
        _session = model.CreateSession(1 + Places);
        _logits = [.. Enumerable.Range(0, 1 + Places).Select(_ => new float[model.Config.VocabularySize])];
    }

    public ILanguageModelRuntime Model { get; }

    /// <summary>Gets the logits of what follows the token fed last, if they were wanted then. // [V]</summary>
    public ReadOnlySpan<float> Logits => _logits[0];

    public void Begin(int condition, InitialState initial, CounterRandom random) =>
        InitialLaneState.Write(_session, 0, Model.Config, condition, initial, random);

    public void Feed(int token, bool wantsLogits = true)
    {
        _token[0] = token;
        _session.Step(_token, wantsLogits ? _logits[0] : []);
    }

    public void Feed(int[] tokens)
    {
        foreach (int token in tokens)
            Feed(token);
    }

    /// <summary>Keeps state and logits in a place, 1 or 2.</summary>
    public void Save(int place) => Copy(0, place);

    /// <summary>Goes back to what is in a place.</summary>
    public void Restore(int place) => Copy(place, 0);

    /// <summary>Goes to where another text stands.</summary>
    public void CopyFrom(SessionLane source)
    {
        var state = new float[_session.StateSize];
        source._session.ReadState(0, state);
        _session.WriteState(0, state);
        source._logits[0].CopyTo(_logits[0], 0);
    }

    public void Dispose() => _session.Dispose();

    private void Copy(int source, int destination)
    {
        _session.Copy(source, destination);
        _logits[source].CopyTo(_logits[destination], 0);
    }
}
