using System.CommandLine;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Tasks;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Tells the labels of texts.</summary>
internal sealed class ClassifyCommand : RowCommand
{
    private readonly Option<int?> _top = OptionGroup.Make<int?>("--top",
        "most likely labels to print for each text, with their probabilities [1; as JSON or a table all]");
    private readonly Option<double?> _threshold = OptionGroup.Make<double?>("--threshold",
        "of a model of two labels, the probability of the positive one above which it is the answer [0.5]");
    private readonly Option<string?> _positive = CommonOptions.Positive();

    public ClassifyCommand()
        : base("classify", "tells the label of the text of each row by a classifier: prints the label, a tab, its probability, a tab, and "
            + "the "
            + "text; as JSON or a table, the probabilities of all labels too.", "text", nameof(RowOptions.KeyColumn),
            nameof(RowOptions.TargetColumn), nameof(RowOptions.ConditionColumn), nameof(RowOptions.Conditions),
            nameof(RowOptions.BatchSize))
    {
        Examples =
        [
            "rnnlm classify countries.zip --text Dostoevsky --text Schneider --top 3",
            "rnnlm classify countries.zip names.txt > labelled.tsv",
            "rnnlm classify countries.zip people.csv --text-column surname -o labelled.csv",
            "rnnlm classify spam.zip messages.txt --threshold 0.93 --positive spam",
        ];
        foreach (Option option in (Option[])[_top, _threshold, _positive])
            Add(option);
        AddRowGroups();
    }

    protected override void Check(ParseResult parse, RowOptions options)
    {
        int? top = parse.GetValue(_top);
        if (top < 1)
            throw new UsageException($"--top must be at least 1, but is {top}.");
        double? threshold = parse.GetValue(_threshold);
        if (threshold is null && parse.GetValue(_positive) is not null)
            throw new UsageException("--positive says which label --threshold is for. Give that too.");
        if (threshold is { } value and not (>= 0 and <= 1))
            throw new UsageException($"--threshold is a probability, from 0 to 1, but is {value}.");
        if (threshold is not null && top > 1)
            throw new UsageException("--threshold gives each text one label. Leave out --top; --json prints both probabilities.");
    }

    protected override RowTask Open(RowCall call)
    {
        RnnTextClassifier model = ModelFile.LoadClassifier(call.ModelPath, call.Device, call.Context);
        try
        {
            double? threshold = call.Parse.GetValue(_threshold);
            int positive = threshold is null ? -1
                : PositiveLabel.Find(call.ModelPath, model.Labels, call.Parse.GetValue(_positive), "--threshold");
            return new ClassifyTask(model, call.Parse.GetValue(_top), positive, threshold);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
