using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.Tests.Generation;

/// <summary>A model whose logits are a function of the last few tokens: an n-gram model, kept in the state as the tokens' ids plus one (0
/// for none).</summary>
internal sealed class ContextModel(int vocabularySize, int order, Func<int[], float[]> logits) : ILanguageModelRuntime
{
    public ModelConfig Config { get; init; } = new() { Cell = CellType.Gru, VocabularySize = vocabularySize, HiddenSize = order };

    /// <summary>Gets the number of sessions that are not disposed.</summary>
    public int LiveSessions { get; private set; }

    /// <summary>Gets the number of steps run, and of lanes stepped in them.</summary>
    public int Steps { get; private set; }

    public int LanesStepped { get; private set; }

    public int StepsWithLogits { get; private set; }

    /// <summary>Gets or sets what is called at each step.</summary>
    public Action? OnStep { get; set; }

    /// <summary>Counts n-grams of a text and smooths them: logits are the logarithms of the counts plus a little for everything.</summary>
    public static ContextModel Train(CharVocabulary vocabulary, int order, params string[] rows)
    {
        var counts = new Dictionary<string, float[]>(StringComparer.Ordinal);
        static string Key(IEnumerable<int> context) => string.Join(',', context);
        foreach (string row in rows)
        {
            int[] ids = vocabulary.Encode(row);
            if (vocabulary is { StartId: int start, EndId: int end })
                ids = [start, .. ids, end];
            int[] padded = [.. Enumerable.Repeat(-1, order), .. ids];
            for (int i = order; i < padded.Length; i++)
            {
                string key = Key(padded[(i - order)..i]);
                if (!counts.TryGetValue(key, out float[]? row_))
                    counts.Add(key, row_ = new float[vocabulary.Size]);
                row_[padded[i]]++;
            }
        }

        var nothing = new float[vocabulary.Size];
        return new ContextModel(vocabulary.Size, order,
            context => Array.ConvertAll(counts.GetValueOrDefault(Key(context), nothing), count => MathF.Log(count + 0.05f)));
    }

    public IInferenceSession CreateSession(int lanes) => new Session(this, lanes);

    public void Dispose()
    {
    }

    private sealed class Session : IInferenceSession
    {
        private readonly ContextModel _model;
        private readonly float[][] _states;
        private bool _disposed;

        public Session(ContextModel model, int lanes)
        {
            _model = model;
            _model.LiveSessions++;
            _states = [.. Enumerable.Range(0, lanes).Select(_ => new float[StateSize])];
        }

        public int Lanes => _states.Length;

        public int StateSize => _model.Config.Layers * _model.Config.StatesPerLayer * _model.Config.HiddenSize;

        public void Reset(int lane, int condition = -1) => Array.Fill(_states[lane], condition + 1);

        public void Copy(int source, int destination) => _states[source].CopyTo(_states[destination], 0);

        public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _model.OnStep?.Invoke();
            _model.Steps++;
            _model.LanesStepped += tokens.Length;
            _model.StepsWithLogits += logits.IsEmpty ? 0 : 1;
            for (int lane = 0; lane < tokens.Length; lane++)
            {
                float[] state = _states[lane];
                Array.Copy(state, 1, state, 0, state.Length - 1);
                state[^1] = tokens[lane] + 1;
                if (!logits.IsEmpty)
                    _model.Logits(state).CopyTo(logits[(lane * _model.Config.VocabularySize)..]);
            }
        }

        public void ReadState(int lane, Span<float> state) => _states[lane].CopyTo(state);

        public void WriteState(int lane, ReadOnlySpan<float> state) => state.CopyTo(_states[lane]);

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            _model.LiveSessions--;
        }
    }

    private float[] Logits(float[] state) => logits(Array.ConvertAll(state, value => (int)value - 1));
}
