using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.MLNetInternals;

/// <summary>Makes and finds the columns of a <see cref="SchemaShape"/>.</summary>
internal static class ShapeColumns
{
    /// <summary>Makes the shape of a column of the given type and annotations.</summary>
    public static SchemaShape.Column Create(DataViewSchema.DetachedColumn column)
    {
        SchemaShape.GetColumnTypeShape(column.Type, out SchemaShape.Column.VectorKind kind, out DataViewType itemType, out bool isKey);
        var annotations = new SchemaShape(column.Annotations.Schema.Select(
            annotation => Create(new DataViewSchema.DetachedColumn(annotation.Name, annotation.Type))));
        return new SchemaShape.Column(column.Name, kind, itemType, isKey, annotations);
    }

    /// <summary>Finds a column by its name.</summary>
    public static SchemaShape.Column? Find(SchemaShape shape, string name) =>
        shape.TryFindColumn(name, out SchemaShape.Column column) ? column : null;

    /// <summary>Writes a column's type as ML.NET's messages do.</summary>
    public static string DescribeType(SchemaShape.Column column) => column.GetTypeString();
}
