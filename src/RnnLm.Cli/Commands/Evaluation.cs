namespace RnnLm.Cli;

/// <summary>How well a model predicts text.</summary>
/// <param name="LogProbability">The natural logarithm of the text's probability.</param>
/// <param name="Count">The characters predicted, ends of lines included where the model knows ends.</param>
/// <param name="Unknown">The characters that the model does not know.</param>
internal readonly record struct Evaluation(double LogProbability, long Count, long Unknown)
{
    private const int BatchSize = 64;

    // A running text is read in pieces side by side, each after so much of the text before it that the state is as good as carried on.
    private const int PieceLength = 8192, ContextLength = 1024;

    public double NatsPerCharacter => -LogProbability / Count;

    public double BitsPerCharacter => NatsPerCharacter / Math.Log(2);

    public double Perplexity => Math.Exp(NatsPerCharacter);

    public static Evaluation operator +(Evaluation a, Evaluation b) => new(a.LogProbability + b.LogProbability, a.Count + b.Count, a.Unknown + b.Unknown);

    public static Evaluation Of(RnnLanguageModel model, TextData data, CancellationToken stop)
    {
        var scorer = new TextScorer(model.Loaded.Inference, model.Loaded.Framing, BatchSize);
        IEnumerable<ScoreRequest> requests = model.Mode == DataMode.Stream ? Pieces(data.Rows(), new LineEnds(model.Vocabulary)) : data.Rows().Select(row => Request(row, model.Conditions));
        var total = new Evaluation();
        foreach (TextScore score in scorer.Score(requests, stop))
            total += new Evaluation(score.LogProbability, score.Count, score.UnknownCharacters);
        return total;
    }

    private static ScoreRequest Request(TextRow row, IReadOnlyList<string> conditions)
    {
        int condition = ConditionNames.Find(conditions, row.Condition);
        return row.IsPair ? new ScoreRequest(row.Target, row.Text, condition) : new ScoreRequest(row.Text, Condition: condition);
    }

    private static IEnumerable<ScoreRequest> Pieces(IEnumerable<TextRow> blocks, LineEnds lineEnds)
    {
        var held = new System.Text.StringBuilder();
        int context = 0;
        foreach (TextRow block in blocks)
        {
            held.Append(lineEnds.Read(block.Text.Span));
            while (held.Length - context > PieceLength)
                yield return Cut(PieceLength);
        }

        if (held.Length > context)
            yield return Cut(held.Length - context);

        ScoreRequest Cut(int length)
        {
            length += context + length < held.Length && char.IsHighSurrogate(held[context + length - 1]) ? 1 : 0;
            string text = held.ToString(0, context + length);
            var request = new ScoreRequest(text.AsMemory(context), text.AsMemory(0, context));
            int kept = Math.Min(ContextLength, text.Length);
            kept -= kept < text.Length && char.IsLowSurrogate(text[^kept]) ? 1 : 0;
            held.Remove(0, text.Length - kept);
            context = kept;
            return request;
        }
    }
}
