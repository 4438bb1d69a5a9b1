using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Models;

/// <summary>Writes evaluations of classifiers: as lines of JSON at once, or at the end as a table, and one of the labels of what came
/// last.</summary>
/// <param name="output">Where they are written.</param>
/// <param name="json">Whether as JSON.</param>
/// <param name="twoLabels">Whether there are two labels, of which the area under the ROC curve and the confusion matrix are shown.</param>
/// <param name="falsePositiveRate">The rate of false positives to show the threshold for, of two labels; or null.</param>
internal sealed class ClassifierReport(TextWriter output, bool json, bool twoLabels, double? falsePositiveRate)
{
    private readonly Table _table =
        new(2, ["model", "text", "rows", "accuracy", "macro F1", "nats/text", .. twoLabels ? (string[])["AUC"] : []]);
    private readonly Table _labels = new(1, "label", "rows", "precision", "recall", "F1");
    private readonly Table _thresholds =
        new(3, "model", "text", "positive", "wanted FPR", "threshold", "false-positive rate", "true-positive rate");
    private Table? _confusion;

    /// <summary>Adds an evaluation.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="text">The file with the texts.</param>
    /// <param name="evaluation">What came of them.</param>
    /// <param name="labels">The model's labels.</param>
    /// <param name="positive">Which of two is the positive one.</param>
    public void Add(string model, string text, ClassifierEvaluation evaluation, IReadOnlyList<string> labels, int positive)
    {
        RocPoint? point = falsePositiveRate is double rate ? evaluation.FindThreshold(rate, positive) : null;
        if (json)
        {
            WriteJson(model, text, evaluation, labels, labels[positive], point);
            return;
        }

        string[] found = point is { } at
            ? [$"{at.Threshold}", $"{at.FalsePositiveRate:F4}", $"{at.TruePositiveRate:F4}"]
            : ["-", "-", "-"];
        _thresholds.Add([model, text, labels[positive], $"{falsePositiveRate}", .. found]);

        string unknown = evaluation.UnknownLabels > 0 ? $" ({evaluation.UnknownLabels:N0} of unknown labels)" : "";
        string without = evaluation.UnlabelledRows > 0 ? $" + {evaluation.UnlabelledRows:N0} without a label" : "";
        string[] figures = evaluation.Rows == 0
            ? ["-", "-", "-"]
            : [$"{evaluation.Accuracy:F4}", $"{evaluation.MacroF1:F4}", $"{evaluation.Loss:F4}"];
        string[] area = twoLabels ? [evaluation.AreaUnderRocCurve is double value ? $"{value:F4}" : "-"] : [];
        _table.Add([model, text, $"{evaluation.Rows:N0}{unknown}{without}", .. figures, .. area]);
    }

    /// <summary>Adds what came of each label.</summary>
    public void AddLabels(ClassifierEvaluation evaluation, IReadOnlyList<string> labels)
    {
        foreach ((string label, LabelCounts counts) in evaluation.Labels)
            _labels.Add(label, $"{counts.Rows:N0}", $"{counts.Precision:F4}", $"{counts.Recall:F4}", $"{counts.F1:F4}");
        if (!twoLabels)
            return;
        _confusion = new(1, ["label", .. labels.Select(label => $"predicted {label}")]);
        foreach (string label in Occurring(evaluation, labels))
            _confusion.Add([label, .. labels.Select(predicted => $"{evaluation.Count(label, predicted):N0}")]);
    }

    public void Finish(bool labels)
    {
        if (json)
            return;
        _table.Write(output);
        foreach (Table? table in (Table?[])[falsePositiveRate is null ? null : _thresholds, labels ? _labels : null, _confusion])
        {
            if (table is null)
                continue;
            output.WriteLine();
            table.Write(output);
        }
    }

    /// <summary>Returns the model's labels and then those that it does not know.</summary>
    private static IEnumerable<string> Occurring(ClassifierEvaluation evaluation, IReadOnlyList<string> labels) =>
        labels.Concat(evaluation.Labels.Keys.Except(labels, StringComparer.Ordinal));

    private void WriteJson(string model, string text, ClassifierEvaluation evaluation, IReadOnlyList<string> labels, string positive,
        RocPoint? point) => JsonLine.Write(output, line =>
    {
        line.WriteString("model", model);
        line.WriteString("text", text);
        line.WriteNumber("rows", evaluation.Rows);
        line.WriteNumber("unknown_labels", evaluation.UnknownLabels);
        line.WriteNumber("unlabelled_rows", evaluation.UnlabelledRows);
        line.WriteFinite("accuracy", evaluation.Rows == 0 ? null : evaluation.Accuracy);
        line.WriteFinite("macro_f1", evaluation.Rows == 0 ? null : evaluation.MacroF1);
        line.WriteFinite("nats_per_text", evaluation.Loss);
        line.WriteFinite("area_under_curve", evaluation.AreaUnderRocCurve);
        line.WriteStartObject("labels");
        foreach ((string label, LabelCounts counts) in evaluation.Labels)
        {
            line.WriteStartObject(label);
            line.WriteNumber("rows", counts.Rows);
            line.WriteFinite("precision", counts.Precision);
            line.WriteFinite("recall", counts.Recall);
            line.WriteFinite("f1", counts.F1);
            line.WriteEndObject();
        }

        line.WriteEndObject();
        if (!twoLabels)
            return;
        line.WriteStartObject("confusion");
        foreach (string label in Occurring(evaluation, labels))
        {
            line.WriteStartObject(label);
            foreach (string predicted in labels)
                line.WriteNumber(predicted, evaluation.Count(label, predicted));
            line.WriteEndObject();
        }

        line.WriteEndObject();
        if (falsePositiveRate is null)
            return;
        line.WriteString("positive", positive);
        if (point is { } at)
            line.WriteNumber("threshold", at.Threshold);
        else
            line.WriteNull("threshold");
        line.WriteFinite("false_positive_rate", point?.FalsePositiveRate);
        line.WriteFinite("true_positive_rate", point?.TruePositiveRate);
    });
}
