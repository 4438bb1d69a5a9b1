using System.Text.Json;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Tasks;

/// <summary>Tells the labels of texts.</summary>
/// <param name="model">The model, which it disposes of.</param>
/// <param name="top">The number of labels that a line for people has.</param>
/// <param name="positive">Of two labels, the one that is the answer where its probability is above <paramref name="threshold"/>.</param>
/// <param name="threshold">That threshold; null for the likeliest label.</param>
internal sealed class ClassifyTask(RnnTextClassifier model, int top, int positive, double? threshold) : RowTask<TextClassification>
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
        foreach ((string label, float probability) in model.Labels.Zip(result.Probabilities))
            json.WriteNumber(label, probability);
        json.WriteEndObject();
    }

    protected override IEnumerable<string> Lines(InputRow row, TextClassification result)
    {
        // One alone is the answer, which with a threshold may be the less likely of two.
        IEnumerable<int> likely = Enumerable.Range(0, model.Labels.Count)
            .OrderByDescending(i => top == 1 && model.Labels[i] == result.Label).ThenByDescending(i => result.Probabilities[i]).Take(top);
        return [string.Join('\t',
            likely.Select(i => $"{CommandContext.OneLine(model.Labels[i])}\t{SignificantDigits.Of(result.Probabilities[i])}")
                .Append(CommandContext.OneLine(row.Text)))];
    }

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
