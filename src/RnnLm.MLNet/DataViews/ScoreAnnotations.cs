using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>What ML.NET's trainers annotate the columns with that their models add: what they are, and which belong together.</summary>
internal static class ScoreAnnotations
{
    private const string SetId = "ScoreColumnSetId";

    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    /// <summary>Annotates a column.</summary>
    /// <param name="annotations">Its annotations.</param>
    /// <param name="task">What is predicted, as ML.NET names it.</param>
    /// <param name="value">What the column says of it: Score, Probability or PredictedLabel.</param>
    /// <param name="set">The number of the set of columns that it belongs to.</param>
    public static void Add(DataViewSchema.Annotations.Builder annotations, string task, string value, uint set)
    {
        annotations.Add(SetId, SetIdType, (ref uint id) => id = set);
        annotations.Add("ScoreColumnKind", TextDataViewType.Instance, (ref ReadOnlyMemory<char> kind) => kind = task.AsMemory());
        annotations.Add("ScoreValueKind", TextDataViewType.Instance, (ref ReadOnlyMemory<char> kind) => kind = value.AsMemory());
    }

    /// <summary>Returns the number of the next set, one above those that a schema has.</summary>
    public static uint NextSet(DataViewSchema schema)
    {
        uint last = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(SetId)?.Type is not KeyDataViewType { RawType: var type } || type != typeof(uint))
                continue;
            uint set = 0;
            column.Annotations.GetValue(SetId, ref set);
            last = Math.Max(last, set);
        }

        return last + 1;
    }
}
