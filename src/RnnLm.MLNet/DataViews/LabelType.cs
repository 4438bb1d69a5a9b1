using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>A type that labels may have: as the values of a column, or as those that the numbers of a key column stand for. Classes are
/// named by text.</summary>
internal abstract class LabelType(PrimitiveDataViewType type)
{
    private static readonly LabelType[] All =
    [
        new Of<ReadOnlyMemory<char>>(TextDataViewType.Instance, value => value.ToString(), name => name.AsMemory()),
        Number<float>(NumberDataViewType.Single), Number<double>(NumberDataViewType.Double),
        Number<sbyte>(NumberDataViewType.SByte), Number<short>(NumberDataViewType.Int16), Number<int>(NumberDataViewType.Int32),
        Number<long>(NumberDataViewType.Int64),
        Number<byte>(NumberDataViewType.Byte), Number<ushort>(NumberDataViewType.UInt16), Number<uint>(NumberDataViewType.UInt32),
        Number<ulong>(NumberDataViewType.UInt64),
        new Of<bool>(BooleanDataViewType.Instance, value => value ? bool.TrueString : bool.FalseString, bool.Parse),
    ];

    /// <summary>Gets the name under which the type stands in a model file.</summary>
    public string Name { get; } = type.ToString()!;

    /// <summary>Gets the name of some value, for where a shape alone is wanted.</summary>
    public abstract string AnyName { get; }

    protected PrimitiveDataViewType Type { get; } = type;

    public static LabelType? Find(DataViewType type) => Array.Find(All, candidate => candidate.Type.Equals(type));

    public static LabelType? Find(string name) => Array.Find(All, candidate => candidate.Name == name);

    /// <summary>Returns the type of the labels of a column: that of its values, or of what the numbers of a key column stand for; null
    /// where these stand for nothing but themselves.</summary>
    public static LabelType? OfColumn(DataViewSchema.Column column) =>
        column.Type is KeyDataViewType ? OfKeyValues(column) : Find(column.Type);

    /// <summary>Returns the name of a type for people.</summary>
    public static string NameOf(LabelType? type) => type?.Name ?? "Key without values";

    /// <summary>Returns the type of the values that a key column's numbers stand for; null where there are none, or none of a type that
    /// labels may have.</summary>
    public static LabelType? OfKeyValues(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType values ? Find(values.ItemType) : null;

    /// <summary>Makes a function that reads the name of the row's class; null where it is missing.</summary>
    public abstract Func<string?> Bind(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Returns the names of the values that a key column's numbers stand for.</summary>
    public abstract string[] ReadKeyValues(DataViewSchema.Column column);

    /// <summary>Annotates a key column with what its numbers stand for.</summary>
    /// <exception cref="FormatException">A name is not one of a value of this type.</exception>
    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, IReadOnlyList<string> names);

    private static Of<T> Number<T>(NumberDataViewType type)
        where T : System.Numerics.INumberBase<T> =>
        new(type, value => T.IsNaN(value) ? "" : value.ToString(null, CultureInfo.InvariantCulture),
        name => T.Parse(name, CultureInfo.InvariantCulture));

    /// <param name="type">The type.</param>
    /// <param name="format">Names a value; a missing one by nothing.</param>
    /// <param name="parse">Finds the value of a name.</param>
    private sealed class Of<T>(PrimitiveDataViewType type, Func<T, string> format, Func<string, T> parse) : LabelType(type)
    {
        public override string AnyName => format(default!);

        public override Func<string?> Bind(DataViewRow row, DataViewSchema.Column column)
        {
            Func<T> read = ColumnReader.Bind<T>(row, column);
            return () => format(read()) is { Length: > 0 } name ? name : null;
        }

        public override string[] ReadKeyValues(DataViewSchema.Column column)
        {
            VBuffer<T> values = default;
            column.GetKeyValues(ref values);
            return [.. values.DenseValues().Select(format)];
        }

        public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, IReadOnlyList<string> names)
        {
            T[] values = [.. names.Select(parse)];
            annotations.Add<VBuffer<T>>("KeyValues", new VectorDataViewType(Type, values.Length),
                (ref VBuffer<T> value) => new VBuffer<T>(values.Length, values).CopyTo(ref value));
        }
    }
}
