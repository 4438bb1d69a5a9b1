using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>A column that is added to rows.</summary>
/// <typeparam name="TResult">The answer for one row.</typeparam>
/// <param name="Column">Its name, type and annotations.</param>
/// <param name="Getter">Makes a <see cref="ValueGetter{TValue}"/> of its type from what gives the answer for the current row.</param>
internal sealed record AddedColumn<TResult>(DataViewSchema.DetachedColumn Column, Func<Func<TResult>, Delegate> Getter);

/// <summary>Makes columns of a usual kind.</summary>
internal static class AddedColumn
{
    /// <summary>Makes a vector of floats with named slots.</summary>
    /// <param name="name">The name.</param>
    /// <param name="slotNames">The name of each slot.</param>
    /// <param name="select">Takes the vector from an answer.</param>
    public static AddedColumn<TResult> Vector<TResult>(string name, ReadOnlyMemory<char>[] slotNames, Func<TResult, float[]> select)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, slotNames.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(slotNames.Length, slotNames).CopyTo(ref value));
        var column = new DataViewSchema.DetachedColumn(name, new VectorDataViewType(NumberDataViewType.Single, slotNames.Length),
            annotations.ToAnnotations());
        return new(column, current => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            float[] vector = select(current());
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, vector.Length);
            vector.CopyTo(editor.Values);
            value = editor.Commit();
        }));
    }
}
