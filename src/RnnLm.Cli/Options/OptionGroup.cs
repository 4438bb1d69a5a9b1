using System.CommandLine;
using System.Linq.Expressions;
using System.Reflection;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Options;

/// <summary>Options of a command under one heading of its help.</summary>
internal abstract class OptionGroup(string heading)
{
    public string Heading => heading;

    public List<Option> Options { get; } = [];

    /// <summary>Gets what can be set, in the order of the help.</summary>
    public List<OptionEntry> Entries { get; } = [];

    /// <summary>Gets the command line's name of each option.</summary>
    public Dictionary<OptionId, string> Names { get; } = [];

    /// <summary>Makes an option whose faults are said in plain words.</summary>
    public static Option<T> Make<T>(string name, string description, params string[] aliases)
    {
        var option = new Option<T>(name, aliases) { Description = description };
        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (OptionValue.Names(type) is { } names)
        {
            option.HelpName = string.Join('|', names);
            // Not the library's own names, which are there already.
            option.CompletionSources.Clear();
            option.CompletionSources.Add(names);
        }

        if (!type.IsEnum && type != typeof(int) && type != typeof(long) && type != typeof(double))
            return option;
        option.CustomParser = result =>
        {
            if (OptionValue.TryRead(type, result.Tokens[0].Value, out object? value, out string? fault))
                return (T)value;
            result.AddError($"{name}: {fault}");
            return default!;
        };
        return option;
    }
}

/// <summary>Options of a command that set the properties of an object; those that are not given leave them alone.</summary>
/// <typeparam name="TTarget">The type of the object. Its defaults, as made, are shown in the help.</typeparam>
/// <param name="heading">The heading in the help.</param>
internal sealed class OptionGroup<TTarget>(string heading) : OptionGroup(heading) where TTarget : new()
{
    private const string EscapesRead = @" (\n, \t, \u00e9, … are read as in C#)";

    private static readonly TTarget Defaults = new();
    private readonly List<Action<ParseResult, TTarget>> _setters = [];

    /// <summary>Adds an option.</summary>
    /// <param name="property">The property that it sets.</param>
    /// <param name="description">Its line of help.</param>
    /// <param name="name">Its name, where that is not the property's in lower case and hyphens.</param>
    /// <param name="read">Turns what is given into the property's value, where that is more than to keep it.</param>
    /// <param name="aliases">Other names.</param>
    /// <remarks>A switch has a twin, <c>--no-NAME</c>, that sets it off. See <see cref="AddSwitch"/> for one that is on by
    /// default.</remarks>
    public OptionGroup<TTarget> Add<T>(
        Expression<Func<TTarget, T>> property, string description, string? name = null, Func<T, T>? read = null, params string[] aliases)
    {
        var info = (PropertyInfo)((MemberExpression)property.Body).Member;
        Option<T> option = Make<T>(name ?? "--" + OptionName.Of(info.Name), description, aliases);
        option.Description += (read is null ? "" : EscapesRead) + ShowDefault(info.GetValue(Defaults));
        Add(info, description, option);
        if ((Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)) == typeof(bool))
            AddOff(info, option, "");
        _setters.Add((parse, target) =>
        {
            if (parse.GetResult(option) is not { Implicit: false })
                return;
            T value = parse.GetValue(option)!;
            info.SetValue(target, read is null ? value : read(value));
        });
        return this;
    }

    /// <summary>Adds a switch that is on unless it is set off, which is the option that the help shows: <c>--no-NAME</c>.</summary>
    /// <param name="property">The property that it sets.</param>
    /// <param name="description">What is so where it is on, for a configuration file.</param>
    /// <param name="off">What is so where it is off, for the help.</param>
    public OptionGroup<TTarget> AddSwitch(Expression<Func<TTarget, bool>> property, string description, string off)
    {
        Add(property, description);
        OptionEntry entry = Entries[^1];
        (entry.Option!.Hidden, entry.Off!.Hidden, entry.Off.Description) = (true, false, off);
        return this;
    }

    /// <summary>Adds an option that may be given several times.</summary>
    public OptionGroup<TTarget> AddList(Expression<Func<TTarget, IReadOnlyList<string>>> property, string description, string name,
        Func<string, string>? read = null)
    {
        var info = (PropertyInfo)((MemberExpression)property.Body).Member;
        var option = new Option<string[]>(name) { Description = description + (read is null ? "" : EscapesRead)
            + "; may be given several times" };
        Add(info, description, option);
        _setters.Add((parse, target) =>
        {
            if (parse.GetResult(option) is { Implicit: false })
                info.SetValue(target, read is null ? parse.GetValue(option)! : parse.GetValue(option)!.Select(read).ToArray());
        });
        return this;
    }

    /// <summary>Adds what a configuration file can set, but no option of the command line.</summary>
    public OptionGroup<TTarget> AddKey<T>(Expression<Func<TTarget, T>> property, string description)
    {
        Entries.Add(new((PropertyInfo)((MemberExpression)property.Body).Member, description, null));
        return this;
    }

    /// <summary>Takes options out again, for a command that does not have them.</summary>
    /// <param name="properties">The properties that they set.</param>
    public OptionGroup<TTarget> Without(params string[] properties)
    {
        foreach (OptionEntry entry in Entries.Where(entry => properties.Contains(entry.Property.Name, StringComparer.Ordinal)).ToArray())
        {
            Entries.Remove(entry);
            Options.Remove(entry.Option!);
            Names.Remove(entry.Id);
        }

        return this;
    }

    /// <summary>Leaves values of an option out of its help and of what a shell completes, for a command that can't do them.</summary>
    /// <param name="property">The property that it sets.</param>
    /// <param name="values">The values.</param>
    public OptionGroup<TTarget> WithoutValues<T>(string property, params T[] values) where T : struct, Enum
    {
        Option option = Entries.Single(entry => entry.Property.Name == property).Option!;
        string[] names = [.. OptionValue.Names(typeof(T))!.Except(values.Select(value => OptionName.Of(value.ToString())),
            StringComparer.Ordinal)];
        option.HelpName = string.Join('|', names);
        option.CompletionSources.Clear();
        option.CompletionSources.Add(names);
        return this;
    }

    /// <summary>Refuses options that are given and change nothing beside the others; one that says the default asks for nothing.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="idle">Whether they change nothing.</param>
    /// <param name="problem">Beside what they would.</param>
    /// <param name="properties">The properties that they set.</param>
    /// <exception cref="OptionsException">Some are given.</exception>
    public void RefuseIdle(ParseResult parse, bool idle, string problem, params string[] properties)
    {
        if (!idle)
            return;
        var asked = new TTarget();
        Apply(parse, asked);
        var faults = new OptionFaults();
        foreach (OptionEntry entry in Entries.Where(entry => properties.Contains(entry.Property.Name, StringComparer.Ordinal)))
        {
            if (entry.IsGiven(parse) && !Equals(entry.Property.GetValue(asked), entry.Property.GetValue(Defaults)))
                faults.Add(entry.Id, $"{problem}, or leave it out");
        }

        faults.ThrowIfAny(nameof(parse));
    }

    /// <summary>Sets the properties for which options are given.</summary>
    public void Apply(ParseResult parse, TTarget target) => _setters.ForEach(set => set(parse, target));

    private void Add(PropertyInfo property, string description, Option option)
    {
        Options.Add(option);
        Entries.Add(new(property, description, option));
        Names[OptionEntry.IdOf(property)] = option.Name;
    }

    private void AddOff(PropertyInfo property, Option on, string description)
    {
        var off = new Option<bool>("--no-" + on.Name[2..]) { Description = description, Hidden = true, Arity = ArgumentArity.Zero };
        Options.Add(off);
        Entries[^1] = Entries[^1] with { Off = off };
        _setters.Add((parse, target) =>
        {
            if (parse.GetResult(off) is not { Implicit: false })
                return;
            if (parse.GetResult(on) is { Implicit: false })
                throw new UsageException($"{on.Name} and {off.Name} contradict each other: leave one out.");
            property.SetValue(target, false);
        });
    }

    private static string ShowDefault(object? value) => value switch
    {
        null or false or "" => "",
        Enum => $" [{OptionName.Of(value.ToString()!)}]",
        string text => $" [{text.Replace("\n", "\\n", StringComparison.Ordinal)}]",
        _ => $" [{value}]",
    };
}
