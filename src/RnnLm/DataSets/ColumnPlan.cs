using RnnLm.Diagnostics;
using RnnLm.Drawing;
using RnnLm.Patterns;

namespace RnnLm.DataSets;

/// <summary>A column with all that was found out about it before the first row: checked, and where in a row its fields are.</summary>
internal sealed class ColumnPlan
{
    /// <summary>Work of counting the texts of a pattern, above which they are not counted.</summary>
    private const long MostCounted = 100_000_000;

    private readonly OptionFaults _faults;

    /// <param name="column">The column.</param>
    /// <param name="before">Those before it.</param>
    /// <param name="all">Is told what is wrong.</param>
    public ColumnPlan(GenerateColumn column, IReadOnlyList<ColumnPlan> before, OptionFaults all)
    {
        (Column, _faults) = (column, all);
        Sampling = (column.Sampling ?? column.Model.Sampling).Clone();
        string prefix = before.Count == 0 ? "" : $"{column.Name}.";
        ConditionFrom = FindText(column.ConditionColumn, before, nameof(GenerateColumn.ConditionColumn));
        PromptFrom = FindText(column.PromptColumn, before, nameof(GenerateColumn.PromptColumn));
        DrawsCondition = ConditionFrom is null && (column.ConditionWeights is not null || column.Model.Conditions.Count > 0);
        HasInput = column.Model.Mode == DataMode.Pairs && PromptFrom is null;
        if (DrawsCondition)
            Conditions = ConditionDraw.Create(column, column.ConditionWeights ?? DefaultWeights(column.Model), all);
        Names = [.. DrawsCondition ? [$"{prefix}Condition"] : (string[])[], .. HasInput ? [$"{prefix}Input"] : (string[])[], column.Name];
        TextIndex = before.Sum(plan => plan.Names.Length) + Names.Length - 1;
        Check(before);
    }

    public GenerateColumn Column { get; }

    /// <summary>Gets how texts are drawn, without the seed.</summary>
    public SamplingOptions Sampling { get; }

    /// <summary>Gets the names of the column's fields: of its condition and its input as far as they are its own, then its text.</summary>
    public string[] Names { get; }

    /// <summary>Gets where among a row's values the text is.</summary>
    public int TextIndex { get; }

    /// <summary>Gets where the text of another column is the condition, or null.</summary>
    public int? ConditionFrom { get; }

    /// <summary>Gets where the text of another column is the prompt, or null.</summary>
    public int? PromptFrom { get; }

    public bool DrawsCondition { get; }

    public bool HasInput { get; }

    public ConditionDraw? Conditions { get; }

    /// <summary>Makes sure that there are as many texts as are asked for, and that there is any.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="unique">Whether each has another text.</param>
    public void CheckPattern(long rows, bool unique)
    {
        // What a row's own prompt rules out is found at that row.
        bool prompted = PromptFrom is not null || Column.Prompts is { Count: > 1 };
        if (Sampling.Pattern is null || (prompted && Sampling.PatternIncludesPrompt))
            return;
        string prompt = Column.Prompts is [{ } only] ? only : "";
        OptionFaults faults = new OptionFaults().In("Sampling");
        var settings = new SamplingSettings(Sampling, Column.Model.Loaded.Framing, Column.Model.Config);
        string before = Sampling.PatternIncludesPrompt ? prompt : "";
        PatternPlace? found = PatternStart.Find(settings, Sampling.Pattern, before, Sampling.MaxLength, faults, "");
        faults.ThrowIfAny("columns");
        if (found is not { } place || !unique || prompted)
            return;
        PatternAutomaton automaton = place.Guide.Automaton;
        if ((long)automaton.States * automaton.Classes * Sampling.MaxLength > MostCounted)
            return;
        int maxLength = Sampling.MaxLength;
        System.Numerics.BigInteger texts = automaton.Count(place.State, Math.Min(Sampling.MinLength, maxLength), maxLength, rows);
        if (texts < rows)
        {
            OptionFaults generate = new OptionFaults().In("Generate");
            OptionId length = faults[nameof(SamplingOptions.MaxLength)];
            generate.Add(
                generate[nameof(GenerateOptions.Rows)],
                $"is {rows}, but {PatternStart.Quote(Sampling.Pattern)} has only {(long)texts} different texts of the model's characters "
                + $"and of at most {length} {maxLength}; ask for no more unique rows than that, or widen the pattern");
            generate.ThrowIfAny("options");
        }
    }

    private static ConditionWeights DefaultWeights(RnnLanguageModel model) =>
        model.ConditionCounts.Count > 0 ? ConditionWeights.Training : ConditionWeights.Uniform;

    private int? FindText(string? name, IReadOnlyList<ColumnPlan> before, string option)
    {
        if (name is null)
            return null;
        foreach (ColumnPlan plan in before)
        {
            int index = Array.IndexOf(plan.Names, name);
            if (index >= 0)
                return plan.TextIndex - plan.Names.Length + 1 + index;
        }

        Require(false, option, $"is '{name}', but no column before '{Column.Name}' has this name");
        return null;
    }

    private void Check(IReadOnlyList<ColumnPlan> before)
    {
        string of = $"of the column '{Column.Name}'";
        Require(!before.SelectMany(plan => plan.Names).Intersect(Names, StringComparer.Ordinal).Any(), nameof(GenerateColumn.Name),
            $"is '{Column.Name}' twice; give each column a name of its own");
        Require(Column.ConditionColumn is null || Column.ConditionWeights is null, nameof(GenerateColumn.ConditionColumn),
            $"{of} can't go with {_faults[nameof(GenerateColumn.ConditionWeights)]}: either gives the condition");
        Require(ConditionFrom is null || Column.Model.Conditions.Count > 0, nameof(GenerateColumn.ConditionColumn),
            $"{of} is '{Column.ConditionColumn}', but its model has no conditions");
        Require(Column.Prompts is null || Column.PromptColumn is null, nameof(GenerateColumn.PromptColumn),
            $"{of} can't go with {_faults[nameof(GenerateColumn.Prompts)]}: either gives the prompt");
        Require(Column.Prompts is not { Count: 0 }, nameof(GenerateColumn.Prompts),
            $"{of} are none; leave them unset for texts that are begun");
        Require(Column.Prompts is not null || !HasInput, nameof(GenerateColumn.Prompts),
            $"{of} must be given: its model was trained on pairs, and they are the inputs. "
            + $"Or name a column of inputs by {_faults[nameof(GenerateColumn.PromptColumn)]}");
        Require(!Column.New || Column.Model.TrainingText is not null, nameof(GenerateColumn.New),
            $"{of} needs a model that knows its training text, but this one was trained without {OptionIds.KeepTextFilter}. "
            + $"Give the training text by {_faults[nameof(GenerateColumn.NotIn)]} instead");
    }

    private void Require(bool condition, string option, OptionMessage fault) => _faults.Require(condition, option, fault);
}
