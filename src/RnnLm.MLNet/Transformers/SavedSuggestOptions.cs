using System.Globalization;
using System.Reflection;
using System.Text.Json;
using RnnLm.Diagnostics;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.Transformers;

/// <summary>What is suggested, in the metadata of a model file: each option by its name, as <c>suggest.max_length</c>.</summary>
internal static class SavedSuggestOptions
{
    private static readonly PropertyInfo[] Properties = typeof(SuggestOptions).GetProperties();

    /// <summary>Returns the metadata with the options added.</summary>
    public static IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> metadata, SuggestOptions options)
    {
        var added = new Dictionary<string, string>(metadata, StringComparer.Ordinal);
        foreach (PropertyInfo property in Properties)
        {
            added.Remove(Key(property));
            if (property.GetValue(options) is { } value)
                added.Add(Key(property), Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }

        return added;
    }

    /// <summary>Reads the options; one that is not there has its default, as an option has that is younger than the file.</summary>
    /// <exception cref="FormatException">A value is no value of its option.</exception>
    public static SuggestOptions Read(SavedModel saved)
    {
        var options = new SuggestOptions();
        foreach (PropertyInfo property in Properties)
        {
            if (saved.Metadata.GetValueOrDefault(Key(property)) is { } value)
                property.SetValue(options, Parse(property, value));
        }

        var faults = new OptionFaults();
        options.Check(faults, saved.DataMode);
        string wrong = faults.Describe(OptionWords.CSharp);
        return wrong.Length == 0 ? options
            : throw new FormatException($"{SavedModel.ConfigName} has wrong options of suggestions: {wrong}.");
    }

    private static object Parse(PropertyInfo property, string value)
    {
        Type type = property.PropertyType;
        try
        {
            return type.IsEnum ? Enum.Parse(type, value) : Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException($"{SavedModel.ConfigName} gives {Key(property)} the value '{value}'. {fault.Message}", fault);
        }
    }

    private static string Key(PropertyInfo property) => $"suggest.{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}";
}
