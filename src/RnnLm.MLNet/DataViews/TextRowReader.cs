using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace RnnLm.MLNet.DataViews;

/// <summary>Reads rows to train on, or to calibrate on, from a data view, through one cursor over the columns that are needed.</summary>
internal static class TextRowReader
{
    /// <summary>Finds the columns at once, and reads the rows as they are asked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static IEnumerable<TextRow> Read(IExceptionContext context, IDataView data, InputColumn text, InputColumn? target,
        InputColumn? condition)
    {
        DataViewSchema.Column textColumn = text.Find(context, data.Schema);
        DataViewSchema.Column? targetColumn = target?.Find(context, data.Schema), conditionColumn = condition?.Find(context, data.Schema);
        return Rows();

        IEnumerable<TextRow> Rows()
        {
            using DataViewRowCursor cursor =
                data.GetRowCursor(new[] { textColumn, targetColumn, conditionColumn }.OfType<DataViewSchema.Column>());
            Func<ReadOnlyMemory<char>> readText = ColumnReader.Bind<ReadOnlyMemory<char>>(cursor, textColumn);
            Func<ReadOnlyMemory<char>>? readTarget = targetColumn is { } t ? ColumnReader.Bind<ReadOnlyMemory<char>>(cursor, t) : null;
            Func<string?>? readCondition = conditionColumn is { } c ? ColumnReader.BindCategory(cursor, c) : null;
            while (cursor.MoveNext())
                yield return readTarget is null
                    ? TextRow.Row(readText(), readCondition?.Invoke())
                    : TextRow.Pair(readText(), readTarget(), readCondition?.Invoke());
        }
    }

    /// <summary>Reads rows and whether they are known to be bad: texts, or pairs where there is a context. What was read may be
    /// kept.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static IEnumerable<(TextRow Row, bool IsBad)> ReadMarked(IExceptionContext exceptions, IDataView data, InputColumn text,
        InputColumn? context, InputColumn? condition, InputColumn? mark)
    {
        DataViewSchema.Column textColumn = text.Find(exceptions, data.Schema);
        DataViewSchema.Column? contextColumn = context?.Find(exceptions, data.Schema),
            conditionColumn = condition?.Find(exceptions, data.Schema), markColumn = mark?.Find(exceptions, data.Schema);
        return Rows();

        IEnumerable<(TextRow, bool)> Rows()
        {
            using DataViewRowCursor cursor = data.GetRowCursor(
                new[] { textColumn, contextColumn, conditionColumn, markColumn }.OfType<DataViewSchema.Column>());
            Func<string> readText = ColumnReader.BindText(cursor, textColumn);
            Func<string>? readContext = contextColumn is { } c ? ColumnReader.BindText(cursor, c) : null;
            Func<string?>? readCondition = conditionColumn is { } n ? ColumnReader.BindCategory(cursor, n) : null;
            Func<bool>? isBad = markColumn is { } m ? ColumnReader.BindMark(cursor, m) : null;
            while (cursor.MoveNext())
            {
                string? named = readCondition?.Invoke();
                TextRow row = readContext is null ? TextRow.Row(readText(), named) : TextRow.Pair(readContext(), readText(), named);
                yield return (row, isBad?.Invoke() == true);
            }
        }
    }

    /// <inheritdoc cref="Read"/>
    public static IEnumerable<LabelledText> ReadLabelled(IExceptionContext context, IDataView data, InputColumn text, InputColumn label)
    {
        DataViewSchema.Column textColumn = text.Find(context, data.Schema), labelColumn = label.Find(context, data.Schema);
        return Rows();

        IEnumerable<LabelledText> Rows()
        {
            using DataViewRowCursor cursor = data.GetRowCursor([textColumn, labelColumn]);
            Func<string> readText = ColumnReader.BindText(cursor, textColumn);
            Func<string?> readLabel = ColumnReader.BindCategory(cursor, labelColumn);
            while (cursor.MoveNext())
                yield return new LabelledText(readText(), readLabel());
        }
    }
}
