using RnnLm.Cli.Progress;
using RnnLm.Cli.Terminal;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Models;

/// <summary>How language models are told of.</summary>
internal sealed class LanguageModelKind : ModelKind
{
    public override string Name => "language model";

    public override TargetWords Words => TargetWords.Characters;

    protected override string Advice => "Train one by rnnlm train --task classify.";

    public override string Title(SavedModel model) => "Character language model";

    public override string TrainedOn(SavedModel model) => model.DataMode switch
    {
        DataMode.Stream => "a running text",
        DataMode.Rows => "rows, each a text from start to end",
        _ => "pairs of an input and a target",
    };

    public override string PerTarget(double nats) => $"character, perplexity {Math.Exp(nats):F4}";

    public override string EvaluationFigures(TrainingProgress evaluation) => "";

    public override string ValidationQuality(double nats, TrainingSummary summary) => Quality(nats, summary.Validation);

    public override string TrainingQuality(double nats) => $" ({Quality(nats, null)})";

    public override IEnumerable<(string Name, string Value)> Figures(double nats, TrainingSummary summary)
    {
        yield return ("perplexity", $"{Math.Exp(nats):F2}");
        yield return ("bits per character", $"{nats / Math.Log(2):F3}");
        if (summary.Validation is not { KnownCount: > 0 } text)
            yield break;
        yield return ("bits per byte", $"{text.BitsPerByte:F3}");
        if (text.UnknownCharacters == 0)
            yield break;
        yield return ("unknown characters", Unknown.Share(text));
        yield return ("perplexity without them", $"{text.KnownPerplexity:F2}");
    }

    /// <summary>
    /// Says a loss in other words, with what is known of the text: the bits for each byte, and where characters are unknown, the figures
    /// without them.
    /// </summary>
    private static string Quality(double nats, TextEvaluation? text)
    {
        string perByte = text is { KnownCount: > 0 } known ? $", {known.BitsPerByte:F3} bits per byte" : "";
        string all = $"{nats / Math.Log(2):F3} bits{(text is { UnknownCharacters: > 0 } ? "" : perByte)}, perplexity {Math.Exp(nats):F3}";
        return text switch
        {
            { UnknownCharacters: > 0, KnownCount: 0 } => $"{all}; all characters are unknown",
            { UnknownCharacters: > 0 } some => $"{all}; without the {Unknown.Share(some)} unknown characters "
                + $"{some.KnownNatsPerCharacter / Math.Log(2):F3} bits{perByte}, perplexity {some.KnownPerplexity:F3}",
            _ => all,
        };
    }
}
