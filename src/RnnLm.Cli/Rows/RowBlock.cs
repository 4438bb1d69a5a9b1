using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RnnLm.Cli.Rows;

/// <summary>The results of some rows, as they will be written.</summary>
/// <param name="format">How they are written.</param>
/// <param name="columns">The columns of a table, the input's and those that are added.</param>
/// <param name="quotes">Whether fields of a table stand in quotes where they need it.</param>
internal sealed class RowBlock(OutputFormat format, IReadOnlyList<string> columns, bool quotes)
{
    // The lines are no part of a web page: characters stand for themselves.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly ArrayBufferWriter<byte> _record = new();
    private Utf8JsonWriter? _json;

    /// <summary>Gets how results are written.</summary>
    public OutputFormat Format => format;

    /// <summary>Gets what was written.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Gets the number of rows that were read.</summary>
    public int Rows { get; set; }

    /// <summary>Gets the number of results.</summary>
    public int Records { get; private set; }

    /// <summary>Gets the rows that were left out.</summary>
    public List<RowError> Errors { get; } = [];

    /// <summary>Gets what there is to say of rows.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Gets or sets what ends the command after these rows, or null.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Begins a result, which is an object whatever the format.</summary>
    public Utf8JsonWriter BeginRecord()
    {
        ArrayBufferWriter<byte> to = format == OutputFormat.Jsonl ? _bytes : _record;
        _record.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(to, Options);
        _json.Reset(to);
        _json.WriteStartObject();
        return _json;
    }

    /// <summary>Ends a result.</summary>
    /// <param name="row">The row that it is of.</param>
    /// <exception cref="TextDataException">The row has a column that the table has not, or what a table without quotes can't
    /// hold.</exception>
    public void EndRecord(InputRow row)
    {
        _json!.WriteEndObject();
        _json.Flush();
        if (format == OutputFormat.Jsonl)
            _bytes.Write("\n"u8);
        else
            TableLine.Write(_bytes, _record.WrittenSpan, columns, Separator, quotes, row);
        Records++;
    }

    /// <summary>Adds the line of a result.</summary>
    public void AddLine(string line)
    {
        Encoding.UTF8.GetBytes(line, _bytes);
        _bytes.Write("\n"u8);
        Records++;
    }

    /// <summary>Adds the vector of a result.</summary>
    public void AddVector(ReadOnlySpan<float> vector)
    {
        foreach (float value in vector)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
            _bytes.Advance(sizeof(float));
        }

        Records++;
    }

    /// <summary>Writes what comes before the first row of a table.</summary>
    public void AddHeader() => TableLine.WriteNames(_bytes, columns, Separator, quotes);

    /// <summary>Adds what another block has, after what is there.</summary>
    public void Add(RowBlock other)
    {
        _bytes.Write(other.Bytes);
        Records += other.Records;
        Take(other);
    }

    /// <summary>Takes over what is to be said of the rows of another block.</summary>
    public void Take(RowBlock other)
    {
        Errors.AddRange(other.Errors);
        Remarks.AddRange(other.Remarks);
        Fault ??= other.Fault;
    }

    private byte Separator => format == OutputFormat.Tsv ? (byte)'\t' : (byte)',';
}
