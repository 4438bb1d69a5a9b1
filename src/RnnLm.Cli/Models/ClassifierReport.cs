using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Models;

/// <summary>Writes evaluations of classifiers: as lines of JSON at once, or at the end as a table, and one of the labels of what came
/// last.</summary>
/// <param name="output">Where they are written.</param>
/// <param name="json">Whether as JSON.</param>
/// <param name="twoLabels">Whether there are two labels, of which the area under the ROC curve is shown.</param>
internal sealed class ClassifierReport(TextWriter output, bool json, bool twoLabels)
{
    private readonly Table _table =
        new(2, ["model", "text", "rows", "accuracy", "macro F1", "nats/text", .. twoLabels ? (string[])["AUC"] : []]);
    private readonly Table _labels = new(1, "label", "rows", "precision", "recall", "F1");

    public void Add(string model, string text, ClassifierEvaluation evaluation)
    {
        if (json)
        {
            WriteJson(model, text, evaluation);
            return;
        }

        string unknown = evaluation.UnknownLabels > 0 ? $" ({evaluation.UnknownLabels:N0} of unknown labels)" : "";
        string[] figures = evaluation.Rows == 0
            ? ["-", "-", "-"]
            : [$"{evaluation.Accuracy:F4}", $"{evaluation.MacroF1:F4}", $"{evaluation.Loss:F4}"];
        string[] area = twoLabels ? [evaluation.AreaUnderRocCurve is double value ? $"{value:F4}" : "-"] : [];
        _table.Add([model, text, $"{evaluation.Rows:N0}{unknown}", .. figures, .. area]);
    }

    /// <summary>Adds what came of each label.</summary>
    public void AddLabels(ClassifierEvaluation evaluation)
    {
        foreach ((string label, LabelCounts counts) in evaluation.Labels)
            _labels.Add(label, $"{counts.Rows:N0}", $"{counts.Precision:F4}", $"{counts.Recall:F4}", $"{counts.F1:F4}");
    }

    public void Finish(bool labels)
    {
        if (json)
            return;
        _table.Write(output);
        if (!labels)
            return;
        output.WriteLine();
        _labels.Write(output);
    }

    private void WriteJson(string model, string text, ClassifierEvaluation evaluation) => JsonLine.Write(output, line =>
    {
        line.WriteString("model", model);
        line.WriteString("text", text);
        line.WriteNumber("rows", evaluation.Rows);
        line.WriteNumber("unknown_labels", evaluation.UnknownLabels);
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
    });
}
