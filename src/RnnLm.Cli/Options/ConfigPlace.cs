namespace RnnLm.Cli.Options;

/// <summary>Where a configuration sets an option.</summary>
/// <param name="Key">The key, with that of its section: <c>model.hidden_size</c>.</param>
/// <param name="Line">The line of the value, from 1.</param>
/// <param name="Column">The column of the value, from 1.</param>
internal readonly record struct ConfigPlace(string Key, int Line, int Column);
