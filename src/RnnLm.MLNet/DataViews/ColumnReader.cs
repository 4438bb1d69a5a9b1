using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.Numerics;

namespace RnnLm.MLNet.DataViews;

/// <summary>Binds the columns of a row to functions that read their current values.</summary>
internal static class ColumnReader
{
    public static bool IsRowKey(DataViewType type) =>
        type is TextDataViewType or RowIdDataViewType or KeyDataViewType
        || (type is NumberDataViewType && type.RawType != typeof(float) && type.RawType != typeof(double));

    public static Func<T> Bind<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    /// <summary>Reads text as a string of its own, since what a getter gives may be written over at the next row.</summary>
    public static Func<string> BindText(DataViewRow row, DataViewSchema.Column column)
    {
        Func<ReadOnlyMemory<char>> read = Bind<ReadOnlyMemory<char>>(row, column);
        return () => read().ToString();
    }

    /// <summary>Reads whether a row is marked: true, or a number above 0.</summary>
    public static Func<bool> BindMark(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is BooleanDataViewType)
            return Bind<bool>(row, column);
        Func<float> read = Bind<float>(row, column);
        return () => read() is var mark && float.IsNaN(mark)
            ? throw new TextDataException($"the label in column '{column.Name}' is missing (NaN). Give 0 for a good row and 1 for a bad "
                + "one, or leave the row out", line: row.Position + 1)
            : mark > 0;
    }

    /// <summary>Reads a row key: whole numbers as they are, a key's number, a hash of a text or a row id.</summary>
    public static Func<ulong> BindRowKey(DataViewRow row, DataViewSchema.Column column)
    {
        Func<ulong> Read<T>(Func<T, ulong> convert)
        {
            Func<T> read = Bind<T>(row, column);
            return () => convert(read());
        }

        return column.Type.RawType switch
        {
            Type t when t == typeof(ulong) => Read<ulong>(v => v),
            Type t when t == typeof(long) => Read<long>(v => (ulong)v),
            Type t when t == typeof(uint) => Read<uint>(v => v),
            Type t when t == typeof(int) => Read<int>(v => (ulong)v),
            Type t when t == typeof(ushort) => Read<ushort>(v => v),
            Type t when t == typeof(short) => Read<short>(v => (ulong)v),
            Type t when t == typeof(byte) => Read<byte>(v => v),
            Type t when t == typeof(sbyte) => Read<sbyte>(v => (ulong)v),
            Type t when t == typeof(DataViewRowId) => Read<DataViewRowId>(RowKey.FromId),
            _ => Read<ReadOnlyMemory<char>>(v => RowKeyHash.Of(v.Span)),
        };
    }

    /// <summary>Reads the name of a category; null where it is missing.</summary>
    public static Func<string?> BindCategory(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType)
            return LabelType.Find(column.Type)!.Bind(row, column);
        IReadOnlyList<string> names = KeyNames(column);
        Func<ulong> key = BindRowKey(row, column);
        return () => key() is > 0 and ulong number ? names[(int)number - 1] : null;
    }

    /// <summary>Returns the names of what a key column's numbers stand for; the numbers themselves where they stand for nothing
    /// else.</summary>
    public static IReadOnlyList<string> KeyNames(DataViewSchema.Column column) => LabelType.OfKeyValues(column)?.ReadKeyValues(column)
        ?? [.. Enumerable.Range(1, (int)((KeyDataViewType)column.Type).Count).Select(number => $"{number}")];
}
