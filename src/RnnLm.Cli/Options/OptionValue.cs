using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Options;

/// <summary>Reads the values of options.</summary>
internal static class OptionValue
{
    /// <summary>Returns the names that a type's values have on the command line, or null where they are not names.</summary>
    public static string[]? Names(Type type) => type.IsEnum ? [.. Enum.GetNames(type).Select(OptionName.Of)] : null;

    /// <summary>Reads a whole number, a real number or a name.</summary>
    public static bool TryRead(Type type, string text, [NotNullWhen(true)] out object? value, out string? fault)
    {
        (value, fault) = (null, null);
        if (Names(type) is { } names)
        {
            int index = Array.FindIndex(names, name => OptionName.AreSame(name, text));
            value = index >= 0 ? Enum.Parse(type, Enum.GetNames(type)[index]) : null;
            fault = $"'{text}' is not one of {string.Join(", ", names)}.";
        }
        else if (type == typeof(double))
        {
            value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
            fault = $"'{text}' is not a number.";
        }
        else
        {
            bool read = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
            bool fits = type == typeof(long) || number is >= int.MinValue and <= int.MaxValue;
            value = !read || !fits ? null : type == typeof(long) ? (object)number : (int)number;
            fault = $"'{text}' is not a whole number{(read ? " in the range that is possible" : "")}.";
        }

        return value is not null;
    }
}
