using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>A column whose values go into the requests of rows.</summary>
/// <param name="Name">The name.</param>
/// <param name="Role">What it is for.</param>
/// <param name="ExpectedType">The types that it may have, for messages.</param>
/// <param name="Accepts">Tells whether it may have a type.</param>
/// <param name="Bind">Makes a function that puts the row's current value into its request.</param>
internal sealed record RequestColumn(
    string Name, string Role, string ExpectedType, Func<DataViewType, bool, bool> Accepts,
    Func<DataViewRow, DataViewSchema.Column, Func<TextRequest, TextRequest>> Bind)
    : InputColumn(Name, Role, ExpectedType, Accepts);
