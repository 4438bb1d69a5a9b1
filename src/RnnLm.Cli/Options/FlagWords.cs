using System.CommandLine;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Options;

/// <summary>Options as they are typed.</summary>
/// <param name="groups">The options of the command.</param>
/// <param name="prefix">What a name begins with, in place of the hyphens of the command line.</param>
/// <param name="parse">The command line, or null: a switch that it sets off is called as it was typed.</param>
internal sealed class FlagWords(IEnumerable<OptionGroup> groups, string prefix = "--", ParseResult? parse = null) : OptionWords
{
    private readonly HashSet<OptionId> _off = parse is null ? []
        : [.. groups.SelectMany(group => group.Entries)
            .Where(entry => entry.Off is { } off && parse.GetResult(off) is { Implicit: false }).Select(entry => entry.Id)];

    private readonly Dictionary<OptionId, string> _names =
        groups.SelectMany(group => group.Names).DistinctBy(name => name.Key)
        .ToDictionary(name => name.Key, name => prefix + name.Value.TrimStart('-'));

    public override bool Knows(OptionId option) => _names.ContainsKey(option);

    /// <summary>Returns the name; in plain words for an option that the command does not have.</summary>
    public override string Name(OptionId option) => _names.GetValueOrDefault(option) ?? OptionName.Of(option.Property).Replace('-', ' ');

    public override string Subject(OptionId option) => _off.Contains(option) ? Setting(option, false) : Name(option);

    public override string Setting(OptionId option, object value) => value switch
    {
        true when _names.ContainsKey(option) => Name(option),
        false when _names.TryGetValue(option, out string? name) => $"{prefix}no-{name[prefix.Length..]}",
        Enum known => $"{Name(option)} {Value(known)}",
        string text => Name(option) + " "
            + Quote(text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)),
        _ => FormattableString.Invariant($"{Name(option)} {value}"),
    };

    /// <summary>Quotes what a shell would take apart.</summary>
    private static string Quote(string text) => text.All(c => char.IsLetterOrDigit(c) || "-_.:/".Contains(c)) ? text : $"'{text}'";

    public override string Value(Enum value) => OptionName.Of(value.ToString());
}
