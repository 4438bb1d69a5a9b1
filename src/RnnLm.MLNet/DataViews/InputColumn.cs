using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.DataViews;

/// <summary>A column that a component reads: its name, what it is for, and which types it may have. Faults are worded as ML.NET words them.</summary>
internal sealed record InputColumn(string Name, string Role, string ExpectedType, Func<DataViewType, bool, bool> Accepts)
{
    public static InputColumn Text(string name, string role = "input") =>
        new(name, role, "String", (type, isKey) => type is TextDataViewType && !isKey);

    /// <summary>What tells a row from all others: a whole number, a key or a text.</summary>
    public static InputColumn RowKey(string name) =>
        new(name, "row key", "a whole number, Key or String", (type, _) => ColumnReader.IsRowKey(type));

    public static InputColumn Number(string name, string role) =>
        new(name, role, "Single", (type, isKey) => type == NumberDataViewType.Single && !isKey);

    public static InputColumn Count(string name, string role) =>
        new(name, role, "Int32", (type, isKey) => type == NumberDataViewType.Int32 && !isKey);

    /// <summary>What names one of several cases: a key, a text, a number or a Boolean.</summary>
    public static InputColumn Category(string name, string role) =>
        new(name, role, "Key, String, a number or Boolean", (type, isKey) => isKey || LabelType.Find(type) is not null);

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
