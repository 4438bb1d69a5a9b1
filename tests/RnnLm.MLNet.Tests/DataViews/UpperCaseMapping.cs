using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.DataViews;

namespace RnnLm.MLNet.Tests;

/// <summary>A mapping that answers in batches: the text in capitals, and the key of its row. It counts what it is asked.</summary>
internal sealed class UpperCaseMapping : RowMapping<(string Upper, ulong Key)>
{
    private readonly int _batch;

    public UpperCaseMapping(IHostEnvironment environment, DataViewSchema schema, int batch = 4, string? rowKey = null)
        : base(environment.Register("UpperCase"), schema, [new("Upper", TextDataViewType.Instance), new("Key", NumberDataViewType.UInt64)])
    {
        _batch = batch;
        Columns = new RequestColumns(Host, schema, new(InputColumn.Text("Text")) { RowKey = rowKey is null ? null : InputColumn.RowKey(rowKey) });
    }

    public override RequestColumns Columns { get; }

    public int Asked { get; private set; }

    public int Leases { get; private set; }

    public override IDisposable Lease()
    {
        Leases++;
        return new Released(this);
    }

    public override IEnumerable<(string, ulong)> Run(IEnumerable<TextRequest> requests)
    {
        foreach (TextRequest[] batch in requests.Chunk(_batch))
        {
            foreach (TextRequest request in batch)
                yield return RunAlone(request);
        }
    }

    public override (string, ulong) RunAlone(TextRequest request)
    {
        Asked++;
        return (request.Text.ToUpperInvariant(), request.Key);
    }

    public override Delegate CreateGetter(int output, Func<(string Upper, ulong Key)> current) => output == 0
        ? (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = current().Upper.AsMemory())
        : (ValueGetter<ulong>)((ref ulong value) => value = current().Key);

    private sealed class Released(UpperCaseMapping mapping) : IDisposable
    {
        public void Dispose() => mapping.Leases--;
    }
}
