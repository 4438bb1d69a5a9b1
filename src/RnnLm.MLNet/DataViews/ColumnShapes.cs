using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.DataViews;

/// <summary>Checks and extends the shapes of schemas that pipelines are checked by before they are fitted.</summary>
internal static class ColumnShapes
{
    /// <summary>Returns the type of a label column's values; null for keys that stand for nothing but themselves.</summary>
    public static LabelType? FindLabelType(SchemaShape shape, string name)
    {
        if (ShapeColumns.Find(shape, name) is not { } column)
            return null;
        if (!column.IsKey)
            return LabelType.Find(column.ItemType);
        return ShapeColumns.Find(column.Annotations, "KeyValues") is { } values ? LabelType.Find(values.ItemType) : null;
    }

    /// <exception cref="ArgumentOutOfRangeException">A column that is read is missing or of another type.</exception>
    public static SchemaShape Add(
        IExceptionContext context, SchemaShape input, IEnumerable<InputColumn> reads, IEnumerable<DataViewSchema.DetachedColumn> adds)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (InputColumn column in reads)
            column.Check(context, input);
        Dictionary<string, SchemaShape.Column> columns = input.ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (DataViewSchema.DetachedColumn column in adds)
            columns[column.Name] = ShapeColumns.Create(column);
        return new SchemaShape(columns.Values);
    }
}
