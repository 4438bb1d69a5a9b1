using System.Runtime.InteropServices;

namespace RnnLm;

/// <summary>A text that is being written: what was drawn so far, and whether and why it has ended.</summary>
internal sealed class TextDraft
{
    private readonly CharVocabulary _vocabulary;
    private readonly StopMatcher _stops;
    private readonly TokenHistory _history;
    private readonly double _temperature;
    private readonly int _maxLength, _minLength;
    private readonly List<int> _ids = [];
    private readonly List<double> _logProbabilities = [];
    private CounterRandom _random;

    /// <param name="settings">What all texts of a run have in common.</param>
    /// <param name="history">What was read before; the draft adds to it.</param>
    /// <param name="random">The text's own random numbers.</param>
    /// <param name="temperature">The temperature.</param>
    /// <param name="maxLength">The most characters to write.</param>
    public TextDraft(SamplingSettings settings, TokenHistory history, CounterRandom random, double temperature, int maxLength)
    {
        _vocabulary = settings.Framing.Vocabulary;
        _stops = settings.Stops;
        _history = history;
        _random = random;
        _temperature = temperature;
        _maxLength = maxLength;
        _minLength = Math.Min(settings.Options.MinLength, maxLength);
        if (maxLength == 0)
            FinishReason = RnnLm.FinishReason.Length;
    }

    /// <summary>Gets the ids of the text; a stop string that ended it is not among them.</summary>
    public ReadOnlySpan<int> Ids => CollectionsMarshal.AsSpan(_ids);

    /// <summary>Gets why the text has ended, or null while it goes on.</summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>Gets the sum of the log-probabilities of the text's characters, and of the end token where it came.</summary>
    public double LogProbability
    {
        get
        {
            double sum = 0;
            foreach (double value in _logProbabilities)
                sum += value;
            return sum;
        }
    }

    /// <summary>Gets how many characters at the end of the text may yet turn out to be part of a stop string.</summary>
    public int Pending => FinishReason is null ? _stops.Pending(Ids) : 0;

    /// <summary>Writes the next token.</summary>
    /// <returns>The token, to be fed to the model unless the text has ended.</returns>
    public int Write(LogitSampler sampler, ReadOnlySpan<float> logits)
    {
        bool endAllowed = _ids.Count >= _minLength;
        int id = sampler.Next(logits, _history, endAllowed, _temperature, ref _random);
        _logProbabilities.Add(logits[id] - Softmax.LogSumExp(logits));
        if (id == _vocabulary.EndId)
        {
            FinishReason = RnnLm.FinishReason.EndToken;
            return id;
        }

        _ids.Add(id);
        _history.Add(id);
        int stop = _stops.Match(Ids, _minLength);
        if (stop > 0)
        {
            _ids.RemoveRange(_ids.Count - stop, stop);
            _logProbabilities.RemoveRange(_logProbabilities.Count - stop, stop);
            FinishReason = RnnLm.FinishReason.StopString;
        }
        else if (_ids.Count == _maxLength)
        {
            FinishReason = RnnLm.FinishReason.Length;
        }

        return id;
    }

    /// <summary>Returns the text as a result.</summary>
    /// <param name="prompt">What stands before it.</param>
    public GeneratedText ToText(ReadOnlySpan<char> prompt) =>
        new(string.Concat(prompt, _vocabulary.Decode(Ids)), FinishReason ?? RnnLm.FinishReason.Length, _ids.Count, LogProbability);
}
