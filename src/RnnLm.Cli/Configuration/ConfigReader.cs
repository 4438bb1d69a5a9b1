using System.Text.Json;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Configuration;

/// <summary>Reads a configuration. What is wrong is named with its line and key.</summary>
internal sealed class ConfigReader
{
    private const string SchemaKey = "$schema";

    private readonly IReadOnlyList<ConfigToken> _tokens;
    private readonly string _name, _folder;
    private readonly TrainingConfig _config;
    private int _next;

    private ConfigReader(ReadOnlySpan<byte> json, string name, string folder) =>
        (_tokens, _name, _folder, _config) = (ConfigToken.ReadAll(json, name), name, folder, new() { File = name });

    /// <summary>Reads a file. Files that it names are looked for from its folder.</summary>
    /// <exception cref="UsageException">There is no such file, or something in it is wrong; the message says where.</exception>
    public static TrainingConfig ReadFile(string path)
    {
        if (!InputFile.Exists(path))
            throw new UsageException($"'{path}' {InputFile.Missing(path)}. 'rnnlm new' writes such a file.");
        return new ConfigReader(File.ReadAllBytes(path), path, Path.GetDirectoryName(path) ?? "").Read();
    }

    /// <summary>Reads a configuration that is no file; those that it names are taken as they are.</summary>
    public static TrainingConfig ReadText(string json, string name) =>
        new ConfigReader(System.Text.Encoding.UTF8.GetBytes(json), name, "").Read();

    private TrainingConfig Read()
    {
        var groups = new TrainingOptionGroups();
        IReadOnlyList<ConfigSection> sections = groups.Sections;
        ReadObject("", [.. groups.Entries.Select(e => e.Key), .. sections.Select(s => s.Name), SchemaKey], key =>
        {
            if (sections.FirstOrDefault(s => s.Name == key) is { } section)
                ReadSection(section);
            else if (key == SchemaKey)
                _ = Next().Type == JsonTokenType.String ? true : throw Fault(key, $"must be text, but is {Show(_tokens[_next - 1])}.");
            else
                ReadEntry(key, groups.Entries.Single(e => e.Key == key), _config);
        });
        return _config;
    }

    private void ReadSection(ConfigSection section)
    {
        List<OptionEntry> entries = section.Group.Entries;
        void Keys() => ReadObject(section.Name, [.. entries.Select(e => e.Key)],
            key => ReadEntry($"{section.Name}.{key}", entries.Single(e => e.Key == key), section.Target(_config)));
        if (section.Target(_config) is TrainingOptions)
            _config.SetBounds(Keys);
        else
            Keys();
    }

    /// <summary>Reads an object whose keys are known.</summary>
    private void ReadObject(string path, string[] known, Action<string> readValue)
    {
        if (Next() is { Type: not JsonTokenType.StartObject } other)
            throw Fault(path, $"must be an object, {{ … }}, but is {Show(other)}.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (Next() is { Type: JsonTokenType.PropertyName, Text: var key })
        {
            string full = path.Length == 0 ? key : $"{path}.{key}";
            if (!known.Contains(key, StringComparer.Ordinal))
            {
                string? nearest = known.FirstOrDefault(name => OptionName.AreSame(name, key)) ?? OptionName.Nearest(key, known);
                throw Fault(full, nearest is null
                    ? $"there is no such key. There are {string.Join(", ", known)}."
                    : $"there is no such key. Did you mean '{nearest}'?");
            }

            if (!seen.Add(key))
                throw Fault(full, "stands here a second time.");
            readValue(key);
        }
    }

    private void ReadEntry(string path, OptionEntry entry, object target)
    {
        ConfigToken token = Next();
        object? value = ReadValue(entry, token);
        if (value is null && !(token.Type == JsonTokenType.Null && entry.AllowsNull))
            throw Fault(path, $"must be {ConfigSchema.Describe(entry)}, but is {Show(token)}.", token);
        entry.Property.SetValue(target, value);
        _config.Places[entry.Id] = new(path, token.Line, token.Column);
    }

    /// <summary>Reads the value that a token begins, or returns null where it is none of the entry's.</summary>
    private object? ReadValue(OptionEntry entry, ConfigToken token)
    {
        JsonTokenType wanted = entry.Type == typeof(string) || entry.Type.IsEnum ? JsonTokenType.String : JsonTokenType.Number;
        if (entry.Type == typeof(bool))
            return token.Type is JsonTokenType.True or JsonTokenType.False ? token.Type == JsonTokenType.True : null;
        if (entry.Type == typeof(IReadOnlyList<string>))
            return ReadList(entry, token);
        if (token.Type != wanted)
            return null;
        if (entry.Type == typeof(string))
            return Resolve(entry, token.Text);
        return OptionValue.TryRead(entry.Type, token.Text, out object? value, out _) ? value : null;
    }

    private string[]? ReadList(OptionEntry entry, ConfigToken token)
    {
        // One may stand for a list of one.
        if (token.Type == JsonTokenType.String)
            return [Resolve(entry, token.Text)];
        if (token.Type != JsonTokenType.StartArray)
            return null;
        var items = new List<string>();
        ConfigToken item;
        for (item = Next(); item.Type == JsonTokenType.String; item = Next())
            items.Add(Resolve(entry, item.Text));
        return item.Type == JsonTokenType.EndArray ? [.. items] : null;
    }

    private string Resolve(OptionEntry entry, string value) => entry.IsPath && value.Length > 0 ? Path.Combine(_folder, value) : value;

    private ConfigToken Next() => _next < _tokens.Count ? _tokens[_next++] : default;

    private static string Show(ConfigToken token) => token.Type switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => $"\"{token.Text}\"",
        JsonTokenType.None => "missing",
        _ => token.Text,
    };

    private UsageException Fault(string path, string what, ConfigToken? at = null)
    {
        ConfigToken token = at ?? _tokens[Math.Max(0, Math.Min(_next, _tokens.Count) - 1)];
        return new($"{_name}:{token.Line}:{token.Column}: {(path.Length == 0 ? "" : path + ": ")}{what}");
    }
}
