using System.Globalization;
using System.Runtime.CompilerServices;

namespace RnnLm.Diagnostics;

/// <summary>
/// A message in which options stand as <see cref="OptionId"/>s and values as they are, so that it becomes text where it is shown, in the
/// words of whoever reads it. It is written as an interpolated string: <c>$"must be at most {other}, but is {value}"</c>.
/// </summary>
[InterpolatedStringHandler]
internal sealed class OptionMessage(int literalLength, int formattedCount)
{
    private readonly List<object?> _parts = new(literalLength == 0 ? formattedCount : (2 * formattedCount) + 1);

    public static implicit operator OptionMessage(string text)
    {
        var message = new OptionMessage(text.Length, 0);
        message.AppendLiteral(text);
        return message;
    }

    /// <summary>Puts messages one after the other.</summary>
    public static OptionMessage Join(string separator, IEnumerable<OptionMessage> messages)
    {
        var joined = new OptionMessage(0, 0);
        foreach (OptionMessage message in messages)
        {
            if (joined._parts.Count > 0)
                joined.AppendLiteral(separator);
            joined.AppendFormatted(message);
        }

        return joined;
    }

    public void AppendLiteral(string text) => _parts.Add(text);

    public void AppendFormatted(object? value) => _parts.Add(value);

    public void AppendFormatted(IFormattable value, string format) => _parts.Add(value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>Writes the message.</summary>
    public string Write(OptionWords words) => string.Concat(_parts.Select(part => part switch
    {
        OptionId option => words.Name(option),
        OptionSetting setting => words.Setting(setting.Option, setting.Value),
        IEnumerable<OptionSetting> settings => string.Join(", ", settings.Select(setting => words.Setting(setting.Option, setting.Value))),
        bool flag => flag ? "true" : "false",
        Enum value => words.Value(value),
        Enum[] values => string.Join(", ", values.Select(words.Value)),
        OptionMessage message => message.Write(words),
        _ => Convert.ToString(part, CultureInfo.InvariantCulture),
    }));

    /// <summary>Writes the message in the words of C#, with a capital at its beginning.</summary>
    public string ToSentence()
    {
        string text = ToString();
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>Writes the message in the words of C#.</summary>
    public override string ToString() => Write(OptionWords.CSharp);
}
