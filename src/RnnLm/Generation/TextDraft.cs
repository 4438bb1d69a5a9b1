using System.Runtime.InteropServices;
using RnnLm.Drawing;
using RnnLm.Numerics;
using RnnLm.Text;

namespace RnnLm.Generation;

/// <summary>A text that is being written: what was drawn so far, and whether and why it has ended.</summary>
internal sealed class TextDraft
{
    private readonly CharVocabulary _vocabulary;
    private readonly TokenHistory _history;
    private readonly double _temperature;
    private readonly TextLimits _limits;
    private readonly List<int> _ids = [];
    private readonly List<double> _logProbabilities = [];
    private CounterRandom _random;

    /// <param name="settings">What all texts of a run have in common.</param>
    /// <param name="history">What was read before; the draft adds to it.</param>
    /// <param name="random">The text's own random numbers.</param>
    /// <param name="temperature">The temperature.</param>
    /// <param name="limits">What may come, and where the text ends; its own.</param>
    public TextDraft(SamplingSettings settings, TokenHistory history, CounterRandom random, double temperature, TextLimits limits)
    {
        _vocabulary = settings.Framing.Vocabulary;
        _history = history;
        _random = random;
        _temperature = temperature;
        _limits = limits;
    }

    /// <summary>Gets the ids of the text; a stop string that ended it is not among them.</summary>
    public ReadOnlySpan<int> Ids => CollectionsMarshal.AsSpan(_ids);

    /// <summary>Gets why the text has ended, or null while it goes on.</summary>
    public FinishReason? FinishReason => _limits.FinishReason;

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
    public int Pending => _limits.Pending(Ids);

    /// <summary>Writes the next token.</summary>
    /// <returns>The token, to be fed to the model unless the text has ended.</returns>
    public int Write(LogitSampler sampler, ReadOnlySpan<float> logits)
    {
        int id = sampler.Next(logits, _history, _limits.MayEnd, _temperature, ref _random, _limits.Mask(Ids));
        _logProbabilities.Add(logits[id] - Softmax.LogSumExp(logits));
        if (id == _vocabulary.EndId)
        {
            _limits.End();
            return id;
        }

        _ids.Add(id);
        _history.Add(id);
        int stop = _limits.Add(Ids);
        _ids.RemoveRange(_ids.Count - stop, stop);
        _logProbabilities.RemoveRange(_logProbabilities.Count - stop, stop);
        return id;
    }

    /// <summary>Returns the text as a result.</summary>
    /// <param name="prompt">What stands before it.</param>
    public GeneratedText ToText(ReadOnlySpan<char> prompt) =>
        new(string.Concat(prompt, _vocabulary.Decode(Ids)), FinishReason ?? RnnLm.FinishReason.Length, _ids.Count, LogProbability);
}
