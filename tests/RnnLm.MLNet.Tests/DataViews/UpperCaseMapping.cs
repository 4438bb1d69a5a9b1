using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.DataViews;

namespace RnnLm.MLNet.Tests;

/// <summary>A mapping that answers in batches: the text in capitals, and the key of its row. It counts what it is asked.</summary>
internal sealed class UpperCaseMapping(IHostEnvironment environment, DataViewSchema schema, int batch = 4, string? rowKey = null)
    : RowMapping<(string Upper, ulong Key)>(environment.Register("UpperCase"), schema,
        new RequestColumns(environment, schema, Read(rowKey)),
    [
        new(new("Upper", TextDataViewType.Instance),
            row => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = row().Upper.AsMemory())),
        new(new("Key", NumberDataViewType.UInt64), row => (ValueGetter<ulong>)((ref ulong value) => value = row().Key)),
    ])
{
    public int Asked { get; private set; }

    public int Leases { get; private set; }

    public override IDisposable Lease()
    {
        Leases++;
        return new Released(this);
    }

    public override IEnumerable<(string, ulong)> Run(IEnumerable<TextRequest> requests)
    {
        foreach (TextRequest[] together in requests.Chunk(batch))
        {
            foreach (TextRequest request in together)
                yield return RunAlone(request);
        }
    }

    public override (string, ulong) RunAlone(TextRequest request)
    {
        Asked++;
        return (request.Text.ToUpperInvariant(), request.Key);
    }

    private static IEnumerable<RequestColumn> Read(string? rowKey)
    {
        yield return ColumnKinds.Text.Column("Text", "input", (request, text) => request with { Text = text });
        if (rowKey is not null)
            yield return ColumnKinds.RowKey.Column(rowKey, "row key", (request, key) => request with { Key = key });
    }

    private sealed class Released(UpperCaseMapping mapping) : IDisposable
    {
        public void Dispose() => mapping.Leases--;
    }
}
