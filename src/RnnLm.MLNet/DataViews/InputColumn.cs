using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.DataViews;

/// <summary>A column that a component reads: its name, what it is for, and which types it may have. Faults are worded as ML.NET words
/// them.</summary>
internal record InputColumn(string Name, string Role, string ExpectedType, Func<DataViewType, bool, bool> Accepts)
{
    /// <summary>Finds the column in a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not there, or has another type.</exception>
    public DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(Name) ?? throw SchemaFaults.Missing(context, Role, Name);
        if (!Accepts(column.Type, column.Type is KeyDataViewType))
            throw SchemaFaults.Mismatch(context, Role, Name, ExpectedType, $"{column.Type}");
        return column;
    }

    /// <summary>Checks the shape that a schema will have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is not there, or has another type.</exception>
    public void Check(IExceptionContext context, SchemaShape shape)
    {
        SchemaShape.Column column = ShapeColumns.Find(shape, Name) ?? throw SchemaFaults.Missing(context, Role, Name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !Accepts(column.ItemType, column.IsKey))
            throw SchemaFaults.Mismatch(context, Role, Name, ExpectedType, ShapeColumns.DescribeType(column));
    }
}
