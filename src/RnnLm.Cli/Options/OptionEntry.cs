using System.CommandLine;
using System.Reflection;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Options;

/// <summary>Something that can be set: by a key of a configuration file, and mostly by an option of the command line.</summary>
/// <param name="Property">The property that it sets.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="Option">The option of the command line, or null.</param>
internal sealed record OptionEntry(PropertyInfo Property, string Description, Option? Option)
{
    /// <summary>Gets the option of the command line that sets a switch off, or null.</summary>
    public Option? Off { get; init; }

    /// <summary>Gets what messages know it by.</summary>
    public OptionId Id { get; } = IdOf(Property);

    /// <summary>Gets the name in a configuration file.</summary>
    public string Key { get; } = OptionName.KeyOf(Property.Name);

    /// <summary>Gets the type of the values, null left aside.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Gets whether null is a value.</summary>
    public bool AllowsNull { get; } =
        Nullable.GetUnderlyingType(Property.PropertyType) is not null
        || new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable;

    /// <summary>Tells whether a command line sets it.</summary>
    public bool IsGiven(ParseResult parse) =>
        ((Option?[])[Option, Off]).Any(option => option is not null && parse.GetResult(option) is { Implicit: false });

    /// <summary>
    /// Returns what messages know a property by. Groups are called as the classes of their options: <see cref="ModelOptions"/> is
    /// <c>Model</c>, and what language models add to it is in that group too.
    /// </summary>
    public static OptionId IdOf(PropertyInfo property)
    {
        const string Suffix = "Options";
        Type type = property.DeclaringType!;
        while (type.BaseType is { } parent && parent != typeof(object))
            type = parent;
        return new(type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name[..^Suffix.Length] : "", property.Name);
    }

    /// <summary>Gets whether the values name files, from the folder of the file that has them.</summary>
    public bool IsPath =>
        Property.Name is nameof(SourceOptions.Files) or nameof(SourceOptions.Validation) or nameof(TrainingOptions.CheckpointPath)
        or nameof(TrainingConfig.Previous) or nameof(TrainingConfig.Output);
}
