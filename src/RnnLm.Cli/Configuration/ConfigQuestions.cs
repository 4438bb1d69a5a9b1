using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using Spectre.Console;

namespace RnnLm.Cli.Configuration;

/// <summary>Asks on a terminal for what matters most of a configuration. The rest is at its defaults, for the file to be edited.</summary>
internal sealed class ConfigQuestions(IAnsiConsole console)
{
    private const string None = "(none)";

    public string Name() => console.Prompt(new TextPrompt<string>("Name of the model:"));

    public string[] Files() =>
    [
        console.Prompt(new TextPrompt<string>("Text file, table (*.csv), or folder with *.txt:")
            .Validate(path => File.Exists(path) || Directory.Exists(path)
                ? ValidationResult.Success()
                : ValidationResult.Error($"'{Markup.Escape(path)}' does not exist."))),
    ];

    public void Ask(TrainingConfig config)
    {
        (SourceOptions source, LanguageModelOptions options) = (config.Source, config.Options);
        string[] columns = Columns(source);
        DataMode[] modes = columns.Length switch { 0 => [DataMode.Stream, DataMode.Rows, DataMode.Pairs],
            1 => [DataMode.Rows, DataMode.Stream], _ => [DataMode.Rows, DataMode.Pairs, DataMode.Stream] };
        options.Data.Mode = Choose("What is the text?", modes, mode => mode switch
        {
            DataMode.Stream => "one running text",
            DataMode.Rows => columns.Length > 0
                ? "each row a text of its own: names, messages, codes"
                : "each line a text of its own: names, messages, codes",
            _ => columns.Length > 0 ? "each row an input and a target" : "each line an input, a tab and a target",
        });
        if (columns.Length > 1)
            AskColumns(source, options.Data.Mode, columns);
        options.Model.Cell = Choose("Cell:", [CellType.Lstm, CellType.Gru, CellType.Rnn], cell => cell.ToString().ToUpperInvariant());
        options.Model.HiddenSize = Number("Hidden units of a layer:", options.Model.HiddenSize);
        options.Model.Layers = Number("Layers:", options.Model.Layers);
        options.Training.Epochs = Number("Passes over the data:", options.Training.Epochs);
        options.Device.Device = Choose("Device:", ["auto", "cpu", "cuda", "mps"], device => device);
    }

    private void AskColumns(SourceOptions source, DataMode mode, string[] columns)
    {
        source.TextColumn = Choose(mode == DataMode.Pairs ? "Column with the input:" : "Column with the text:", columns, Markup.Escape);
        string[] others = [.. columns.Where(column => column != source.TextColumn)];
        if (mode == DataMode.Pairs)
        {
            source.TargetColumn = Choose("Column with the target:", others, Markup.Escape);
            others = [.. others.Where(column => column != source.TargetColumn)];
        }

        if (mode != DataMode.Stream && others.Length > 0)
            source.ConditionColumn = Choose("Column that steers the text, such as a category:", [None, .. others],
                Markup.Escape) is var condition and not None ? condition : null;
    }

    private static string[] Columns(SourceOptions source)
    {
        if (!source.IsTable(source.Files[0]))
            return [];
        // Any column does to read the names of all.
        var first = new SourceOptions
        {
            Encoding = source.Encoding,
            Format = source.Format,
            Separator = source.Separator,
            TextColumn = "0"
        };
        return [.. new TableFile(first.Find(source.Files)[0], first, DataMode.Rows).Names];
    }

    private T Choose<T>(string question, T[] choices, Func<T, string> show) where T : notnull =>
        console.Prompt(new SelectionPrompt<T>().Title(question).AddChoices(choices).DefaultValue(choices[0]).UseConverter(show));

    private int Number(string question, int value) => console.Prompt(new TextPrompt<int>(question).DefaultValue(value));
}
