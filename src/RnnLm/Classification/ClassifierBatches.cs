using System.Text;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.ModelFiles;
using RnnLm.Text;

namespace RnnLm.Classification;

/// <summary>Texts as packed minibatches for a trained classifier, and its answers back in their order.</summary>
internal sealed class ClassifierBatches(SavedModel saved, IClassifierRuntime model)
{
    // Positions of a minibatch, padding included: a few long texts don't make the short ones beside them dear.
    private const int MostPositions = 1 << 16;

    /// <summary>Reads texts as far as texts were read in training, and checks each.</summary>
    /// <inheritdoc cref="TextBatch.Read"/>
    public IEnumerable<ReadOnlyMemory<char>> Read(IEnumerable<string?> texts, string parameter) =>
        TextBatch.Read(texts.Select(text => text is null ? null : text[..Cut(text).Length]), saved.Vocabulary, parameter);

    /// <summary>Classifies texts side by side. A text's probabilities do not depend on the others.</summary>
    /// <param name="texts">The texts; each is read as far as texts were in training.</param>
    /// <returns>The probabilities of each text. // [B][C]</returns>
    public float[][] Classify(IReadOnlyList<ReadOnlyMemory<char>> texts)
    {
        int[][] ids = [.. texts.Select(Encode)];
        int[] order = [.. Enumerable.Range(0, ids.Length).OrderByDescending(i => ids[i].Length)];
        var result = new float[ids.Length][];
        for (int first = 0, count; first < order.Length; first += count)
        {
            count = Math.Clamp(MostPositions / ids[order[first]].Length, 1, order.Length - first);
            Classify(ids, order.AsSpan(first, count), result);
        }

        return result;
    }

    private void Classify(int[][] ids, ReadOnlySpan<int> rows, float[][] result)
    {
        int length = ids[rows[0]].Length, count = rows.Length, classes = model.Config.Classes;
        int[] inputs = new int[length * count], lengths = new int[count];   // [T, B]
        for (int b = 0; b < count; b++)
        {
            int[] text = ids[rows[b]];
            lengths[b] = text.Length;
            for (int t = 0; t < text.Length; t++)
                inputs[(t * count) + b] = text[t];
        }

        float[] probabilities = new float[count * classes];   // [B, C]
        model.Classify(new Minibatch { Length = length, BatchSize = count, Inputs = inputs, Targets = [], Lengths = lengths },
            probabilities);
        for (int b = 0; b < count; b++)
            result[rows[b]] = probabilities.AsSpan(b * classes, classes).ToArray();
    }

    /// <summary>A text without characters that the model reads is one token, the first of the vocabulary, as in training.</summary>
    private int[] Encode(ReadOnlyMemory<char> text)
    {
        int[] ids = saved.Vocabulary.Encode(Cut(text.Span));
        return ids.Length == 0 ? [0] : ids;
    }

    private ReadOnlySpan<char> Cut(ReadOnlySpan<char> text)
    {
        int end = 0;
        var lineEnds = new LineEnds(saved.Vocabulary);
        for (int count = 0; count < saved.MaxRowLength && end < text.Length;)
        {
            Rune.DecodeFromUtf16(text[end..], out Rune character, out int used);
            end += used;
            count += lineEnds.Read(ref character) ? 1 : 0;
        }

        return text[..end];
    }
}
