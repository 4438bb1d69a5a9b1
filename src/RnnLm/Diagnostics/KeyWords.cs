using System.Text.Encodings.Web;
using System.Text.Json;

namespace RnnLm.Diagnostics;

/// <summary>Options as the keys of JSON have them, group by group: <c>model.hidden_size</c>.</summary>
internal sealed class KeyWords : OptionWords
{
    public override string Name(OptionId option) =>
        option.Group.Length == 0 ? Key(option.Property) : $"{Key(option.Group)}.{Key(option.Property)}";

    public override string Setting(OptionId option, object value) => $"{Name(option)}: {Literal(value)}";

    public override string Value(Enum value) => Key(value.ToString());

    private string Literal(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"",
        Enum name => $"\"{Value(name)}\"",
        _ => FormattableString.Invariant($"{value}"),
    };

    private static string Key(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
