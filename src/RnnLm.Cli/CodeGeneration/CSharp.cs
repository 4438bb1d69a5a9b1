using System.Globalization;
using System.Reflection;
using System.Text;

namespace RnnLm.Cli.CodeGeneration;

/// <summary>Values as C#.</summary>
internal static class CSharp
{
    // Keywords that can't be names.
    private static readonly string[] Keywords =
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event "
        + "explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new "
        + "null object operator out override params private protected public readonly ref return sbyte sealed short sizeof "
        + "stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using "
        + "virtual void volatile while").Split(' ');

    // What belongs to a run, not to the model that comes of it.
    private static readonly string[] OfARun =
    [
        nameof(TrainingOptions.Progress), nameof(TrainingOptions.Log), nameof(TrainingOptions.CancellationToken),
        nameof(TrainingOptions.CheckpointPath), nameof(TrainingOptions.Resume), nameof(TrainingOptions.OverwriteCheckpoint),
        nameof(DeviceOptions.Device),
    ];

    /// <summary>Turns a file's name into that of a class.</summary>
    public static string Identifier(string name)
    {
        string[] words = name.Split([.. name.Where(c => !char.IsLetterOrDigit(c))], StringSplitOptions.RemoveEmptyEntries);
        string joined = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return joined.Length == 0 || !char.IsLetter(joined[0]) ? "Model" + joined : joined;
    }

    /// <summary>Tells whether a text can be a namespace.</summary>
    public static bool IsNamespace(string text) => text.Split('.').All(part =>
        part.Length > 0 && !char.IsDigit(part[0]) && part.All(c => char.IsLetterOrDigit(c) || c == '_')
        && !Keywords.Contains(part, StringComparer.Ordinal));

    /// <summary>Returns a value as an expression.</summary>
    public static string Literal(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        Enum => $"{value.GetType().Name}.{value}",
        string text => Text(text),
        '"' => "'\"'",
        '\'' => @"'\''",
        char character => $"'{Text(character.ToString())[1..^1]}'",
        IEnumerable<string> texts => $"[{string.Join(", ", texts.Select(Text))}]",
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    /// <summary>Returns the properties of options that are not at their defaults, as assignments of an object initialiser.</summary>
    /// <param name="type">The type whose properties count; that of the options or a base of it.</param>
    /// <param name="options">The options.</param>
    public static IEnumerable<string> Assignments(Type type, object options)
    {
        object defaults = Activator.CreateInstance(type)!;
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !OfARun.Contains(property.Name, StringComparer.Ordinal))
            .Select(property => (property.Name, Value: Literal(property.GetValue(options)), Default: Literal(property.GetValue(defaults))))
            .Where(property => property.Value != property.Default)
            .Select(property => $"{property.Name} = {property.Value}");
    }

    private static string Text(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            literal.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                _ => IsShown(c) ? c.ToString() : $@"\u{(int)c:x4}",
            });
        }

        return literal.Append('"').ToString();
    }

    /// <summary>Tells whether an editor shows a character, and in its place.</summary>
    private static bool IsShown(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Surrogate
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
