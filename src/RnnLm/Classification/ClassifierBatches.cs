namespace RnnLm;

/// <summary>Texts as packed minibatches for a trained classifier, and its answers back in their order.</summary>
internal sealed class ClassifierBatches(CharVocabulary vocabulary, IInferenceModel model, int maximumLength)
{
    /// <summary>Classifies texts side by side. A text's probabilities do not depend on the others.</summary>
    /// <param name="texts">The texts; each is read as far as <c>maximumLength</c> characters.</param>
    /// <returns>The probabilities of each text. // [B][C]</returns>
    public float[][] Classify(IReadOnlyList<ReadOnlyMemory<char>> texts)
    {
        int[][] ids = [.. texts.Select(Encode)];
        int[] order = [.. Enumerable.Range(0, ids.Length).OrderByDescending(i => ids[i].Length)];
        int length = ids[order[0]].Length, count = order.Length, classes = model.Config.Classes;
        int[] inputs = new int[length * count];   // [T, B]
        for (int b = 0; b < count; b++)
        {
            for (int t = 0; t < ids[order[b]].Length; t++)
                inputs[(t * count) + b] = ids[order[b]][t];
        }

        var probabilities = new float[count * classes];   // [B, C]
        model.Classify(
            new Minibatch { Length = length, BatchSize = count, Inputs = inputs, Targets = [], Lengths = Array.ConvertAll(order, i => ids[i].Length) }, probabilities);
        var result = new float[count][];
        for (int b = 0; b < count; b++)
            result[order[b]] = probabilities.AsSpan(b * classes, classes).ToArray();
        return result;
    }

    /// <summary>A text without characters that the model reads is one token, the first of the vocabulary, as in training.</summary>
    private int[] Encode(ReadOnlyMemory<char> text)
    {
        int[] ids = vocabulary.Encode(text.Span[..Math.Min(text.Length, 2 * maximumLength)]);
        return ids.Length == 0 ? [0] : ids.Length > maximumLength ? ids[..maximumLength] : ids;
    }
}
