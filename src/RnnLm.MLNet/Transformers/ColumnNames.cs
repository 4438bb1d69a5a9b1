using RnnLm.Diagnostics;

namespace RnnLm.MLNet.Transformers;

/// <summary>Names of columns as a model file keeps them.</summary>
internal static class ColumnNames
{
    /// <summary>Returns those that are set.</summary>
    public static IReadOnlyDictionary<string, string> Present(params (string Part, string? Name)[] columns) =>
        columns.Where(column => column.Name is not null).ToDictionary(column => column.Part, column => column.Name!, StringComparer.Ordinal);

    /// <summary>Requires that those that are set be no empty names.</summary>
    public static void Check(OptionFaults faults, params (string? Name, string Option)[] columns)
    {
        foreach ((string? name, string option) in columns)
            faults.Require(name is null || !string.IsNullOrWhiteSpace(name), option, "is empty; name a column, or leave it null for none");
    }

    /// <summary>Requires that columns to be added have different names.</summary>
    public static void CheckDistinct(OptionFaults faults, string option, params string?[] added)
    {
        string[] names = [.. added.OfType<string>()];
        faults.Require(names.Distinct(StringComparer.Ordinal).Count() == names.Length, option, "and the other columns that are added must have different names");
    }
}
