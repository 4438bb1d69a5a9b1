using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>What a column that is read may hold.</summary>
/// <typeparam name="T">The type that its values are read as.</typeparam>
/// <param name="ExpectedType">The types that it may have, for messages.</param>
/// <param name="Accepts">Tells whether it may have a type. A shape says apart from the type whether a column is a key.</param>
/// <param name="Bind">Makes a function that reads the row's current value.</param>
internal sealed record ColumnKind<T>(string ExpectedType, Func<DataViewType, bool, bool> Accepts,
    Func<DataViewRow, DataViewSchema.Column, Func<T>> Bind)
{
    /// <summary>Returns a column of this kind.</summary>
    public InputColumn Column(string name, string role) => new(name, role, ExpectedType, Accepts);

    /// <summary>Returns a column of this kind whose values go into requests.</summary>
    /// <param name="name">The name.</param>
    /// <param name="role">What it is for.</param>
    /// <param name="put">Returns a request with a value put in.</param>
    public RequestColumn Column(string name, string role, Func<TextRequest, T, TextRequest> put) =>
        new(name, role, ExpectedType, Accepts, (row, column) =>
    {
        Func<T> read = Bind(row, column);
        return request => put(request, read());
    });
}
