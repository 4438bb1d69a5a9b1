using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>Words for options of which a row has set some itself: these go by the names of the columns.</summary>
/// <param name="others">The words for the other options.</param>
/// <param name="own">The options that the row has set, and the names of the columns.</param>
internal sealed class RowWords(OptionWords others, IEnumerable<KeyValuePair<OptionId, string>> own) : OptionWords
{
    private readonly Dictionary<OptionId, string> _own = new(own);

    public override bool Knows(OptionId option) => _own.ContainsKey(option) || others.Knows(option);

    public override string Subject(OptionId option) => _own.ContainsKey(option) ? Name(option) : others.Subject(option);

    public override string Name(OptionId option) =>
        _own.TryGetValue(option, out string? column) ? $"its \"{column}\"" : others.Name(option);

    public override string Setting(OptionId option, object value) =>
        _own.ContainsKey(option) ? FormattableString.Invariant($"{Name(option)} {value}") : others.Setting(option, value);

    public override string Value(Enum value) => others.Value(value);
}
