using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Progress;

/// <summary>What a model predicts, in the words of its progress: characters, or the labels of texts.</summary>
internal abstract class TargetWords
{
    /// <summary>The words for a language model.</summary>
    public static readonly TargetWords Characters = new CharacterWords();

    /// <summary>The words for a classifier.</summary>
    public static readonly TargetWords Texts = new TextWords();

    /// <summary>Gets the word for one target.</summary>
    public abstract string One { get; }

    /// <summary>Gets the short word for many.</summary>
    public abstract string Many { get; }

    /// <summary>Says how good the model is so far; null where that is not known yet.</summary>
    public abstract string? Quality(TrainingProgress progress);

    private sealed class CharacterWords : TargetWords
    {
        public override string One => "character";

        public override string Many => "chars";

        public override string Quality(TrainingProgress progress) =>
            $"perplexity {progress.Perplexity:G4}"
            + $"{(progress.Validation is { HasManyUnknown: true } text ? $" ({Unknown.Share(text)} unknown)" : "")}";
    }

    private sealed class TextWords : TargetWords
    {
        public override string One => "text";

        public override string Many => "texts";

        public override string? Quality(TrainingProgress progress) => progress.ValidationAccuracy is double accuracy
            ? $"accuracy {accuracy:F4}, macro F1 {progress.ValidationMacroF1:F4}" : null;
    }
}
