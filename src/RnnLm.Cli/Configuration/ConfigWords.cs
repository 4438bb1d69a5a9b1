using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Configuration;

/// <summary>Options as the keys of a configuration file; those that the command line sets, as they are typed.</summary>
/// <param name="config">What was read and given.</param>
/// <param name="flags">The words of the command line.</param>
internal sealed class ConfigWords(TrainingConfig config, FlagWords flags) : OptionWords
{
    private readonly Dictionary<OptionId, string> _keys = TrainingOptionGroups.Keys();

    public override bool Knows(OptionId option) => IsKey(option) || flags.Knows(option);

    public override string Subject(OptionId option) =>
        config.Places.TryGetValue(option, out ConfigPlace place) ? $"{config.File}:{place.Line}:{place.Column}: {place.Key}" : Name(option);

    public override string Name(OptionId option) => IsKey(option) ? _keys[option] : flags.Name(option);

    public override string Setting(OptionId option, object value) => !IsKey(option) ? flags.Setting(option, value)
        : $"\"{_keys[option]}\": {ConfigSchema.Value(value)?.ToJsonString(ConfigWriter.Format)}";

    public override string Value(Enum value) => OptionName.KeyOf(value.ToString());

    private bool IsKey(OptionId option) => !config.Flags.Contains(option) && _keys.ContainsKey(option);
}
