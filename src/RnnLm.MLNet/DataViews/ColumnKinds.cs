using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>The kinds of columns that components read.</summary>
internal static class ColumnKinds
{
    public static readonly ColumnKind<string> Text =
        new("String", (type, isKey) => type is TextDataViewType && !isKey, ColumnReader.BindText);

    /// <summary>What tells a row from all others: a whole number, a key or a text.</summary>
    public static readonly ColumnKind<ulong> RowKey =
        new("a whole number, Key or String", (type, _) => ColumnReader.IsRowKey(type), ColumnReader.BindRowKey);

    public static readonly ColumnKind<float> Number =
        new("Single", (type, isKey) => type == NumberDataViewType.Single && !isKey, ColumnReader.Bind<float>);

    public static readonly ColumnKind<int> Count =
        new("Int32", (type, isKey) => type == NumberDataViewType.Int32 && !isKey, ColumnReader.Bind<int>);

    /// <summary>What names one of several cases: a key, a text, a number or a Boolean. It is null where it is missing.</summary>
    public static readonly ColumnKind<string?> Category =
        new("Key, String, a number or Boolean", (type, isKey) => isKey || LabelType.Find(type) is not null, ColumnReader.BindCategory);

    /// <summary>What marks some rows: true, or a number above 0, as ML.NET reads labels of anomalies.</summary>
    public static readonly ColumnKind<bool> Mark = new("Boolean or Single",
        (type, isKey) => !isKey && (type is BooleanDataViewType || type == NumberDataViewType.Single), ColumnReader.BindMark);

    /// <summary>True or false.</summary>
    public static readonly ColumnKind<bool> Truth = new(
        "Boolean (for labels of other types, use MulticlassClassification.Trainers.RnnTextClassification, or map them to Booleans by "
        + "Transforms.Conversion.MapValue)", (type, isKey) => type is BooleanDataViewType && !isKey, ColumnReader.Bind<bool>);
}
