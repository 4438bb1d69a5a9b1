using System.CommandLine;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Tasks;

namespace RnnLm.Cli.Commands;

/// <summary>Says how usual texts are.</summary>
internal sealed class ScoreCommand : RowCommand
{
    private readonly Option<bool> _perCharacter = new("--per-character")
    {
        Description = "add the log-probability of each character, and where it stands",
    };

    public ScoreCommand()
        : base("score", "says of each row how usual its text is: log-probability in nats, number of characters, bits for each character "
            + "and "
            + "perplexity; of pairs, of the target after the input. Each row is a text of its own.", "text", nameof(RowOptions.KeyColumn))
    {
        Examples =
        [
            "rnnlm score names.zip --text Miller --text xqzjk",
            "rnnlm score names.zip rows.jsonl -o scored.jsonl",
            "rnnlm score names.zip people.csv --text-column surname -o scored.csv --on-error skip --errors bad.jsonl",
            "rnnlm score names.zip - --per-character --json < names.txt",
        ];
        Add(_perCharacter);
        AddRowGroups();
    }

    protected override RowTask Open(RowCall call) =>
        new ScoreTask(call.LoadLanguageModel(), call.Lanes, call.Parse.GetValue(_perCharacter));
}
