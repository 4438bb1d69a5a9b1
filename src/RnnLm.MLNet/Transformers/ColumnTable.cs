using System.Reflection;
using RnnLm.Diagnostics;
using RnnLm.MLNet.DataViews;

namespace RnnLm.MLNet.Transformers;

/// <summary>
/// All columns of a component, one a line. What is checked, copied, kept in a model file, read and added derives from it. The names in use
/// are a dictionary by the keys of model files, in the order of the table. Options are an object with a property for each line: those of
/// trainers are in a room above.
/// </summary>
internal sealed class ColumnTable(params ColumnOption[] columns)
{
    /// <summary>Copies the names from options to others.</summary>
    public void Copy(object from, object to)
    {
        foreach (ColumnOption column in columns)
            Property(to, column).SetValue(to, Name(from, column));
    }

    /// <summary>Requires that there be what must be, and no empty names, and that columns to be added have different ones.</summary>
    public void Check(OptionFaults faults, object options)
    {
        foreach (ColumnOption column in columns)
        {
            string? name = Name(options, column);
            faults.Require(name is not null || !column.IsRequired, column.Option, "is null; name a column");
            faults.Require(name is null || !string.IsNullOrWhiteSpace(name), column.Option,
                column.IsRequired ? "is empty; name a column" : "is empty; name a column, or leave it null for none");
        }

        OutputOption[] added = [.. columns.OfType<OutputOption>()];
        string[] names = [.. added.Select(column => Name(options, column)).OfType<string>()];
        faults.Require(names.Distinct(StringComparer.Ordinal).Count() == names.Length, added[0].Option,
            "and the other columns that are added must have different names");
        faults.Require(names.Length > 0 || added.Any(column => column.IsRequired), added[0].Option,
            "is null and so are all other columns to add; name one");
    }

    /// <summary>Returns the names that options give.</summary>
    public IReadOnlyDictionary<string, string> NamesOf(object options) => Names(column => Name(options, column));

    /// <summary>Returns the names that a model file gives.</summary>
    public IReadOnlyDictionary<string, string> NamesSaved(IReadOnlyDictionary<string, string> saved) =>
        Names(column => column.NameIn(saved) ?? column.Default);

    /// <summary>Returns the columns that are read.</summary>
    public IEnumerable<InputColumn> Inputs(IReadOnlyDictionary<string, string> names) =>
        columns.OfType<InputOption>().Select(column => column.In(names)).OfType<InputColumn>();

    /// <summary>Returns the columns that are added.</summary>
    /// <typeparam name="TOutput">Their kind of option.</typeparam>
    public IEnumerable<(TOutput Option, string Name)> Outputs<TOutput>(IReadOnlyDictionary<string, string> names)
        where TOutput : OutputOption
    {
        var named = new List<(TOutput, string)>();
        foreach (TOutput option in columns.OfType<TOutput>())
        {
            if (option.NameIn(names) is { } name)
                named.Add((option, name));
        }

        return named;
    }

    private static PropertyInfo Property(object options, ColumnOption column) => options.GetType().GetProperty(column.Option)!;

    private static string? Name(object options, ColumnOption column) => (string?)Property(options, column).GetValue(options);

    private Dictionary<string, string> Names(Func<ColumnOption, string?> find)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ColumnOption column in columns)
        {
            if (column.Key is { } key && find(column) is { } name)
                names.Add(key, name);
        }

        return names;
    }
}
