using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Tasks;

namespace RnnLm.Cli.Commands;

/// <summary>Turns texts into vectors.</summary>
internal sealed class EmbedCommand : RowCommand
{
    private readonly Option<Pooling> _pooling = OptionGroup.Make<Pooling>("--pooling",
        "the state after the text, or the mean or maximum over its characters [last]");

    private readonly Option<bool> _allLayers = new("--all-layers")
    {
        Description = "the states of all layers, one after the other, in place of the top layer's",
    };

    public EmbedCommand()
        : base("embed", "turns the text of each row into a vector: the hidden state of a language model. The results are lines of JSON, a "
            + "table, or a matrix that NumPy (*.npy) or safetensors reads.", [OutputFormat.Text], "text", nameof(RowOptions.KeyColumn),
            nameof(RowOptions.TargetColumn))
    {
        Examples =
        [
            "rnnlm embed names.zip names.txt -o names.npy",
            "rnnlm embed names.zip rows.jsonl -o embedded.jsonl --pooling mean",
            "rnnlm embed names.zip people.csv --text-column surname -o people.safetensors",
        ];
        Add(_pooling);
        Add(_allLayers);
        AddRowGroups();
    }

    protected override RowTask Open(RowCall call) =>
        new EmbedTask(call.LoadLanguageModel(), call.Lanes, call.Parse.GetValue(_pooling), call.Parse.GetValue(_allLayers));
}
