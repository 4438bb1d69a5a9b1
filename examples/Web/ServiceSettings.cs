// Written by 'rnnlm codegen' (RnnLm 0.1.0) from messages.rnnlm.json. It is yours to change.
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Web;

/// <summary>
/// Options that come from the configuration: appsettings.json, the environment, or the command line. What is wrong is told by the setting's
/// path, which is the same in each of them, with what is allowed.
/// </summary>
internal static class ServiceSettings
{
    /// <summary>Adds options that are a section of the configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, in which no key may be unknown; empty for those at the top, which has other keys too.</param>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class => services.AddOptions<T>().Configure<IConfiguration>((settings, configuration) =>
    {
        IConfiguration given = section.Length == 0 ? configuration : configuration.GetSection(section);
        string[] faults = [.. FindFaults(given, typeof(T), isWhole: section.Length > 0)];
        if (faults.Length > 0)
            throw new OptionsValidationException(section, typeof(T), faults);
        given.Bind(settings);
    });

    private static IEnumerable<string> FindFaults(IConfiguration given, Type type, bool isWhole)
    {
        // A dictionary has entries of any name.
        Type? entry = type.GetInterfaces()
            .FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IDictionary<,>))
            ?.GetGenericArguments()[1];
        PropertyInfo[] properties = entry is null ? type.GetProperties() : [];
        foreach (IConfigurationSection child in given.GetChildren())
        {
            PropertyInfo? property = Array.Find(properties, item => item.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            IEnumerable<string> faults = (entry ?? property?.PropertyType) switch
            {
                null => isWhole
                    ? [$"{child.Path} is not known. Known are {string.Join(", ", properties.Select(item => item.Name))}."] : [],
                { } kind when IsValue(kind) => FindFault(child, kind, property?.GetCustomAttribute<RangeAttribute>()) is { } fault
                    ? [fault] : [],
                { } kind => child.Value is { Length: > 0 } value
                    ? [$"{child.Path} must be a group of settings, but is '{value}'."] : FindFaults(child, kind, isWhole: true),
            };
            foreach (string fault in faults)
                yield return fault;
        }
    }

    private static bool IsValue(Type type) => type.IsValueType || type == typeof(string);

    private static string? FindFault(IConfigurationSection given, Type type, RangeAttribute? range)
    {
        if (given.GetChildren().Any())
            return $"{given.Path} must be a value, but is a group of settings.";
        if (given.Value is not { } text)
            return null;
        // A range writes its bounds in its own way when it has been asked.
        string allowed = (range, type) switch
        {
            ({ } bounds, _) => string.Create(CultureInfo.InvariantCulture, $"from {bounds.Minimum} to {bounds.Maximum}"),
            (_, { IsEnum: true }) => $"one of {string.Join(", ", Enum.GetNames(type))}",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) => "a whole number",
            _ => "a number",
        };
        try
        {
            object? value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            if (range?.IsValid(value) != false)
                return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
            // It is told below, as a value out of its range is.
        }

        return $"{given.Path} must be {allowed}, but is '{text}'.";
    }
}
