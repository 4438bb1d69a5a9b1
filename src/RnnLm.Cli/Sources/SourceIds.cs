using RnnLm.Diagnostics;

namespace RnnLm.Cli.Sources;

/// <summary>Options of the command line alone that messages speak of.</summary>
internal static class SourceIds
{
    public static readonly OptionId Task = new("", "Task");
    public static readonly OptionId Output = new("", "Output");
    public static readonly OptionId Previous = new("", "Previous");
    public static readonly OptionId Files = Of(nameof(SourceOptions.Files));
    public static readonly OptionId Validation = Of(nameof(SourceOptions.Validation));
    public static readonly OptionId Encoding = Of(nameof(SourceOptions.Encoding));
    public static readonly OptionId Format = Of(nameof(SourceOptions.Format));
    public static readonly OptionId TextColumn = Of(nameof(SourceOptions.TextColumn));
    public static readonly OptionId TargetColumn = Of(nameof(SourceOptions.TargetColumn));
    public static readonly OptionId ConditionColumn = Of(nameof(SourceOptions.ConditionColumn));
    public static readonly OptionId LabelColumn = Of(nameof(SourceOptions.LabelColumn));
    public static readonly OptionId Separator = Of(nameof(SourceOptions.Separator));
    public static readonly OptionId Header = Of(nameof(SourceOptions.Header));
    public static readonly OptionId Quotes = Of(nameof(SourceOptions.Quotes));
    public static readonly OptionId Conditions = Of(nameof(SourceOptions.Conditions));

    private static OptionId Of(string property) => new("Source", property);
}
