using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.Interop;

namespace RnnLm.MLNet;

/// <summary>Checks and extends the shapes of schemas that pipelines are checked by before they are fitted.</summary>
internal static class ColumnShapes
{
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
