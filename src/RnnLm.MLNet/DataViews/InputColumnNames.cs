namespace RnnLm.MLNet.DataViews;

/// <summary>The columns that the requests of rows are read from, not yet bound to a schema.</summary>
internal sealed record InputColumnNames(InputColumn Text)
{
    public InputColumn? RowKey { get; init; }

    public InputColumn? Temperature { get; init; }

    public InputColumn? MaximumLength { get; init; }

    public InputColumn? Condition { get; init; }

    public InputColumn? Context { get; init; }

    public InputColumn? Pattern { get; init; }

    public IEnumerable<InputColumn> All => new[] { Text, RowKey, Temperature, MaximumLength, Condition, Context, Pattern }.OfType<InputColumn>();
}
