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
            throw Mismatch(context, ExpectedType, $"{column.Type}");
        return column;
    }

    /// <summary>Makes the fault of a column that has another type than one that is expected.</summary>
    public Exception Mismatch(IExceptionContext context, string expectedType, string actualType) =>
        SchemaFaults.Mismatch(context, Role, Name, expectedType, actualType);

    /// <summary>Checks the shape that a schema will have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is not there, or has another type.</exception>
    public void Check(IExceptionContext context, SchemaShape shape)
    {
        SchemaShape.Column column = ShapeColumns.Find(shape, Name) ?? throw SchemaFaults.Missing(context, Role, Name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !Accepts(column.ItemType, column.IsKey))
            throw Mismatch(context, ExpectedType, ShapeColumns.DescribeType(column));
    }
}
