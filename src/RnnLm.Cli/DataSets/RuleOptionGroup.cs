using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.DataSets;

/// <summary>
/// What must hold for the texts of each column, as options of a command. With several columns, each value begins with the name of its
/// column.
/// </summary>
internal sealed class RuleOptionGroup : OptionGroup
{
    private readonly Option<string[]> _pattern, _validate, _newColumn, _notIn, _uniqueColumn;
    private readonly Option<string[]> _condition, _conditionWeights, _conditionFrom, _prompt, _prompts, _promptFrom;
    private readonly Option<bool> _new;

    public RuleOptionGroup()
        : base("Rules")
    {
        _pattern = Add("--pattern", "[NAME=]REGEX", "regular expression that each text matches as a whole, in .NET's syntax");
        _validate = Add("--validate", "[NAME=]RULE", $"check digits that each text must have: {NamedValidators.Names}");
        _new = new Option<bool>("--new")
        {
            Description = "write no text of the training data, as far as the model's filter knows them (train with --keep-text-filter)",
        };
        Options.Add(_new);
        _newColumn = Add("--new-column", "NAME", "the same for one of several columns");
        _notIn = Add("--not-in", "[NAME=]FILE", "write no text that this file has, exactly; may be given several times");
        _uniqueColumn = Add("--unique-column", "NAME", "no two rows have the same text in this column");
        _condition = Add("--condition", "[NAME=]CONDITION", "condition of each text", "-c");
        _conditionWeights = Add("--condition-weights", "[NAME=]train|uniform|FILE",
            "how often each condition comes: as in training, all alike, or by a file with a condition, a tab and a number in each line "
            + "[train]");
        _conditionFrom = Add("--condition-from", "NAME=COLUMN", "an earlier column whose text is the condition");
        _prompt = Add("--prompt", "[NAME=]TEXT", "text that is continued; of pairs, the input", "-p");
        _prompts = Add("--prompts", "[NAME=]FILE", "file with a prompt in each line, taken in turn and over again");
        _promptFrom = Add("--prompt-from", "NAME=COLUMN", "an earlier column whose text is the prompt");
        Names[new("Sampling", nameof(SamplingOptions.Pattern))] = _pattern.Name;
        Names[OptionIds.KeepTextFilter] = "--keep-text-filter";
        foreach ((string property, string name) in ((string, string)[])
        [
            (nameof(GenerateColumn.New), _new.Name),
            (nameof(GenerateColumn.NotIn), _notIn.Name),
            (nameof(GenerateColumn.ConditionWeights), _conditionWeights.Name),
            (nameof(GenerateColumn.ConditionColumn), _conditionFrom.Name),
            (nameof(GenerateColumn.Prompts), _prompts.Name),
            (nameof(GenerateColumn.PromptColumn), _promptFrom.Name),
            (nameof(GenerateColumn.Name), "--column"),
        ])
        {
            Names[new("", property)] = name;
        }
    }

    /// <summary>Reads what is asked for each column.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="columns">The columns.</param>
    /// <exception cref="UsageException">It is not said which column something is for, or there is no such column.</exception>
    public RowColumns Read(ParseResult parse, IReadOnlyList<(string Name, string Path)> columns)
    {
        string[] names = [.. columns.Select(column => column.Name)];
        if (parse.GetValue(_new) && names.Length > 1)
            throw new UsageException($"--new: there are the columns {string.Join(", ", names)}. Say which of them by --new-column.");
        return new RowColumns
        {
            Columns = columns,
            Patterns = Read(_pattern),
            Validators = Read(_validate, several: true),
            NotIn = Read(_notIn, several: true),
            Conditions = Read(_condition),
            ConditionWeights = Read(_conditionWeights),
            ConditionColumns = Read(_conditionFrom),
            Prompts = Read(_prompt, several: true),
            PromptFiles = Read(_prompts),
            PromptColumns = Read(_promptFrom),
            New = parse.GetValue(_new) ? [.. names] : Check(_newColumn),
            Unique = Check(_uniqueColumn),
        };

        ILookup<string, string> Read(Option<string[]> option, bool several = false) =>
            NamedValues.Read(option.Name, parse.GetValue(option) ?? [], names, several);

        HashSet<string> Check(Option<string[]> option)
        {
            string[] given = parse.GetValue(option) ?? [];
            return given.FirstOrDefault(name => !names.Contains(name, StringComparer.Ordinal)) is { } unknown
                ? throw new UsageException($"{option.Name}: there is no column '{unknown}', but {string.Join(", ", names)}.")
                : [.. given];
        }
    }

    private Option<string[]> Add(string name, string value, string description, params string[] aliases)
    {
        var option = new Option<string[]>(name, aliases) { Description = description, HelpName = value };
        Options.Add(option);
        return option;
    }
}
