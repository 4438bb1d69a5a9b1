using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Modeling;

namespace RnnLm.Features;

/// <summary>
/// Turns texts into vectors in batches: the hidden state after the last character, or the mean or maximum of the states after each, of the
/// top layer or of all layers one after the other. Safe for use by many threads at once; each run has its own lanes.
/// </summary>
internal sealed class TextEncoder
{
    private readonly ILanguageModelRuntime _model;
    private readonly TextFraming _framing;
    private readonly int _batchSize;
    private readonly Pooling _pooling;
    private readonly int _firstLayer;

    /// <param name="model">The model.</param>
    /// <param name="framing">How the model's texts are framed.</param>
    /// <param name="batchSize">The number of texts read side by side.</param>
    /// <param name="pooling">How the states after each character become one.</param>
    /// <param name="allLayers">Whether all layers count, or the top layer alone.</param>
    public TextEncoder(ILanguageModelRuntime model, TextFraming framing, int batchSize, Pooling pooling = Pooling.Last,
        bool allLayers = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_model, _framing, _batchSize, _pooling) = (model, framing, batchSize, pooling);
        _firstLayer = allLayers ? 0 : model.Config.Layers - 1;
    }

    /// <summary>Gets the length of the vectors: H, or L·H for all layers.</summary>
    public int Length => (_model.Config.Layers - _firstLayer) * _model.Config.HiddenSize;

    /// <summary>Encodes texts.</summary>
    /// <param name="requests">The texts, read as results are asked for: at most twice the batch size ahead of the oldest that is not
    /// finished.</param>
    /// <param name="cancellationToken">Looked at before each step of the model.</param>
    /// <returns>A vector for each text, in their order.</returns>
    public IEnumerable<EncodedText> Encode(IEnumerable<EncodeRequest> requests, CancellationToken cancellationToken = default)
    {
        ModelConfig config = _model.Config;
        var state = new float[config.Layers * config.StatesPerLayer * config.HiddenSize];   // [L, S, H], of one lane after the other
        foreach (Job job in LanePool.Run(_model, requests, request => new Job(this, state, request), _batchSize, parking: false,
            cancellationToken))
            yield return job.Result;
    }

    /// <summary>Encodes one text.</summary>
    public EncodedText Encode(EncodeRequest request, CancellationToken cancellationToken = default) =>
        Encode([request], cancellationToken).Single();

    /// <summary>Reads one text, one token ahead of the lane, and pools the states.</summary>
    private sealed class Job(TextEncoder encoder, float[] state, EncodeRequest request) : LaneTask, ILaneJob
    {
        private readonly TokenReader _reader = TokenReader.ForEncoding(encoder._framing, request.Text);
        private readonly float[] _features = new float[encoder.Length];
        private bool _isCharacter, _isLast;
        private int _pooled;

        public bool IsDone { get; private set; }

        public override bool NeedsLogits => false;

        public EncodedText Result => new(_features, _reader.UnknownCharacters);

        public LaneTask? Start()
        {
            _reader.MoveNext();
            ReadToken();
            return this;
        }

        public override void Enter(LanePool pool, int lane) =>
            InitialLaneState.Write(pool.Session, lane, encoder._model.Config, request.Condition, encoder._model.Config.InitialState);

        public override LaneTask? Advance(LanePool pool, int lane, ReadOnlySpan<float> logits)
        {
            // Where there are no characters, the state after the frame stands for the text.
            bool counts = _isCharacter && encoder._pooling != Pooling.Last;
            if (counts || (_isLast && _pooled == 0))
            {
                pool.Session.ReadState(lane, state);
                Pool();
            }

            if (!_isLast)
            {
                ReadToken();
                return this;
            }

            StatePooling.Finish(encoder._pooling, _pooled, _features);
            IsDone = true;
            return null;
        }

        private void ReadToken()
        {
            Token = _reader.Id;
            _isCharacter = _reader.IsCharacter;
            _isLast = !_reader.MoveNext();
        }

        private void Pool()
        {
            ModelConfig config = encoder._model.Config;
            for (int layer = encoder._firstLayer; layer < config.Layers; layer++)
            {
                Span<float> hidden = state.AsSpan(layer * config.StatesPerLayer * config.HiddenSize, config.HiddenSize);
                Span<float> pooled = _features.AsSpan((layer - encoder._firstLayer) * config.HiddenSize, config.HiddenSize);
                StatePooling.Add(encoder._pooling, hidden, _pooled, pooled);
            }

            _pooled++;
        }
    }
}
