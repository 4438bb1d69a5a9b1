using System.Text.Json;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Tasks;

/// <summary>Tells the labels of texts.</summary>
/// <param name="model">The model, which it disposes of.</param>
/// <param name="top">The number of labels whose probabilities are told; null for one in a line for people, and else for all.</param>
/// <param name="positive">Of two labels, the one that is the answer where its probability is above <paramref name="threshold"/>.</param>
/// <param name="threshold">That threshold; null for the likeliest label.</param>
internal sealed class ClassifyTask(RnnTextClassifier model, int? top, int positive, double? threshold) : RowTask<TextClassification>
{
    public override IReadOnlyList<string> Columns { get; } = ["label", "probability", "probabilities"];

    public override IReadOnlyList<string> Conditions => [];

    public override void Dispose() => model.Dispose();

    protected override IEnumerable<(InputRow Row, TextClassification Result)> Answer(
        IReadOnlyList<InputRow> rows, CancellationToken stop) =>
        rows.Zip(model.ClassifyAll(rows.Select(row => row.Text), stop).Select(Decide));

    protected override void Write(Utf8JsonWriter json, InputRow row, TextClassification result)
    {
        json.WriteString("label", result.Label);
        json.WriteNumber("probability", result.Probabilities[IndexOf(result.Label)]);
        json.WriteStartObject("probabilities");
        foreach (int i in top is { } most ? Likeliest(result, most) : Enumerable.Range(0, model.Labels.Count))
            json.WriteNumber(model.Labels[i], result.Probabilities[i]);
        json.WriteEndObject();
    }

    protected override IEnumerable<string> Lines(InputRow row, TextClassification result) =>
        [string.Join('\t', Likeliest(result, top ?? 1)
            .Select(i => $"{CommandContext.OneLine(model.Labels[i])}\t{SignificantDigits.Of(result.Probabilities[i])}")
            .Append(CommandContext.OneLine(row.Text)))];

    /// <summary>Returns the most likely labels. One alone is the answer, which with a threshold may be the less likely of two.</summary>
    private IEnumerable<int> Likeliest(TextClassification result, int most) => Enumerable.Range(0, model.Labels.Count)
        .OrderByDescending(i => most == 1 && model.Labels[i] == result.Label).ThenByDescending(i => result.Probabilities[i]).Take(most);

    // Probabilities are floats, and so is the threshold that rnnlm evaluate prints.
    private TextClassification Decide(TextClassification likeliest) => threshold is not double limit ? likeliest : likeliest with
    {
        Label = model.Labels[likeliest.Probabilities[positive] > (float)limit ? positive : 1 - positive],
    };

    private int IndexOf(string label)
    {
        int index = 0;
        while (model.Labels[index] != label)
            index++;
        return index;
    }
}
