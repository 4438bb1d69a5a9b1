using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>A transformer bound to the schema of its input.</summary>
internal interface IRowMapping
{
    DataViewSchema OutputSchema { get; }

    /// <summary>Adds the columns to a data view, which has the schema bound to.</summary>
    IDataView CreateView(IDataView input);

    /// <summary>Makes what adds the columns to rows that come one by one.</summary>
    IRowToRowMapper CreateMapper();
}
