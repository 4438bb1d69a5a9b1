namespace RnnLm.Diagnostics;

/// <summary>Options as C# has them.</summary>
internal sealed class CSharpWords : OptionWords
{
    public override string Name(OptionId option) => option.Group.Length == 0 ? option.Property : $"{option.Group}.{option.Property}";

    public override string Setting(OptionId option, object value) => FormattableString.Invariant($"{Name(option)} = {Literal(value)}");

    public override string Value(Enum value) => value.ToString();

    private static object Literal(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        _ => value,
    };
}
