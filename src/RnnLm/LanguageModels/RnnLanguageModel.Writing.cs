using System.Runtime.CompilerServices;
using RnnLm.Generation;
using RnnLm.Lanes;

namespace RnnLm;

/// <content>What it writes: continuations, valid texts, suggestions.</content>
public sealed partial class RnnLanguageModel
{
    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">The text to continue; empty to begin one.</param>
    /// <param name="options">How; <see langword="null"/> for <see cref="Sampling"/>.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>What was written: the first sample, or the best beam.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The condition is not known.</exception>
    public string Generate(string prompt = "", SamplingOptions? options = null, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Generator(options, 1).Generate(new GenerationRequest(prompt.AsMemory(), Condition: ConditionId(condition))).Samples[0].Text;
    }

    /// <summary>Continues prompts in batches, reading them as results are asked for.</summary>
    /// <param name="prompts">The prompts. With a seed, what is written for one depends on seed, prompt and its place in this
    /// sequence.</param>
    /// <param name="options">How; <see langword="null"/> for <see cref="Sampling"/>.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The samples of each prompt, in the order of the prompts.</returns>
    public IEnumerable<IReadOnlyList<GeneratedText>> GenerateAll(
        IEnumerable<string> prompts, SamplingOptions? options = null, string? condition = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        int id = ConditionId(condition);
        return Generator(options, LanePool.UsualLanes)
            .Generate(Texts(prompts, nameof(prompts)).Select((prompt, row) => new GenerationRequest(prompt, (ulong)row, Condition: id)),
                cancellationToken)
            .Select(result => result.Samples);
    }

    /// <summary>
    /// Continues prompts, each anew until its text is valid. So texts have the model's own distribution given that they are valid, which a
    /// <see cref="SamplingOptions.Pattern"/> alone does not give, and may obey rules that no pattern can say, such as check digits.
    /// </summary>
    /// <param name="prompts">The prompts, as for <see cref="GenerateAll"/>. The first try for each is the text that is written
    /// there.</param>
    /// <param name="isValid">
    /// Says whether a text may be kept: <see cref="CheckDigits.Iban"/>, or any other. It is given the text as it would be returned, and
    /// called on the thread that reads the results.
    /// </param>
    /// <param name="maxTries">How many texts are written for a prompt at most. At temperature 0, at which all are the same, there is
    /// one.</param>
    /// <param name="options">How; <see langword="null"/> for <see cref="Sampling"/>. One text is written, without beam search.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The text for each prompt, in the order of the prompts; with no text where none of the tries was valid.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTries"/> is below 1; options are wrong, or the condition is not
    /// known.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="isValid"/> failed; the message has the text.</exception>
    public IEnumerable<ValidatedText> GenerateValid(
        IEnumerable<string> prompts, Func<string, bool> isValid, int maxTries = 100, SamplingOptions? options = null,
        string? condition = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(isValid);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTries, 1);
        int id = ConditionId(condition);
        return Generator(options, LanePool.UsualLanes, new TextValidator(isValid, maxTries))
            .Generate(Texts(prompts, nameof(prompts)).Select((prompt, row) => new GenerationRequest(prompt, (ulong)row, Condition: id)),
                cancellationToken)
            .Select(result => new ValidatedText(result.Samples.Count > 0 ? result.Samples[0] : null, result.Tries));
    }

    /// <summary>Continues a prompt, piece by piece as it is written. Pieces are whole characters, and never part of a stop
    /// string.</summary>
    /// <param name="prompt">The text to continue; empty to begin one.</param>
    /// <param name="options">How; <see langword="null"/> for <see cref="Sampling"/>.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pieces.</returns>
    public IAsyncEnumerable<string> GenerateAsync(
        string prompt = "", SamplingOptions? options = null, string? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Generate(cancellationToken);

        async IAsyncEnumerable<string> Generate([EnumeratorCancellation] CancellationToken stop)
        {
            using GenerationSession session = StartSession(options, condition);
            session.Append(prompt);
            await foreach (string piece in session.GenerateAsync(cancellationToken: stop).ConfigureAwait(false))
                yield return piece;
        }
    }

    /// <summary>Starts a session that keeps its state, so that a conversation or an editor goes on without reading its text
    /// again.</summary>
    /// <param name="options">How it writes; <see langword="null"/> for <see cref="Sampling"/>.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>The session, to be disposed; used by one thread at a time.</returns>
    public GenerationSession StartSession(SamplingOptions? options = null, string? condition = null) =>
        new(Inference, _model.Framing, ConditionId(condition), options ?? Saved.Sampling);

    /// <summary>
    /// Suggests how a text goes on: the likeliest completions, each with its probability, and where typos are allowed those of a corrected
    /// text. The search is exact: nothing likelier is left out.
    /// </summary>
    /// <param name="prefix">The beginning of the text, as it was typed; of pairs, the input.</param>
    /// <param name="options">What is suggested; <see langword="null"/> for the defaults.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The suggestions, the most probable first.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="ArgumentException">
    /// A character is unknown, no typos are allowed, and the model was trained to refuse such.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The condition is not known.</exception>
    public SuggestionList Suggest(
        string prefix, SuggestOptions? options = null, string? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        using SuggestSession session = StartSuggesting(options, condition);
        session.Text = prefix;
        return session.Suggest(cancellationToken);
    }

    /// <summary>
    /// Starts a session of suggestions for a text that is being typed, in which nothing is read again when the next key comes.
    /// </summary>
    /// <param name="options">What is suggested; <see langword="null"/> for the defaults.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>The session, to be disposed; used by one thread at a time.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The condition is not known.</exception>
    public SuggestSession StartSuggesting(SuggestOptions? options = null, string? condition = null) =>
        new(Inference, _model.Framing, ConditionId(condition), options ?? new SuggestOptions());

    internal TextGenerator Generator(SamplingOptions? options, int batchSize, ITextJudge? judge = null) =>
        new(Inference, _model.Framing, options ?? Saved.Sampling, batchSize, judge);
}
