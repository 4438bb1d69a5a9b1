using System.Text.Json;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>What a command does with rows. A row's results depend on the row, its number or key and the command's options alone, not on
/// the rows beside it. Used by many threads at once.</summary>
internal abstract class RowTask : IDisposable
{
    /// <summary>Gets the names of the columns that it adds; those of the input that have such a name are replaced.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Gets the conditions that its model knows.</summary>
    public abstract IReadOnlyList<string> Conditions { get; }

    /// <summary>Gets the options that a row may set itself, and the names of the columns by which it does.</summary>
    public virtual IReadOnlyDictionary<OptionId, string> OwnOptions { get; } = new Dictionary<OptionId, string>();

    /// <summary>Gets whether a row needs the target of a pair.</summary>
    public virtual bool NeedsTargets => false;

    /// <summary>Gets whether its results have lines for people.</summary>
    public virtual bool HasLines => true;

    /// <summary>Gets the length of the vectors that are its results; 0 where they are none.</summary>
    public virtual int VectorLength => 0;

    /// <summary>Gets whether two runs of it may come out differently, as it draws at random without a seed.</summary>
    public virtual bool IsRandom => false;

    /// <summary>Gets the number of rows that are worth handing to a thread at once.</summary>
    public virtual int MostRows => 1024;

    /// <summary>Gets what there is to say when all rows are done, or null.</summary>
    public virtual string? Conclusion => null;

    /// <summary>Answers rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="block">Where their results are written, in the order of the rows.</param>
    /// <param name="stop">Stops it.</param>
    public abstract void Run(IReadOnlyList<InputRow> rows, RowBlock block, CancellationToken stop);

    public abstract void Dispose();
}

/// <summary>What a command does with rows, by its results.</summary>
/// <typeparam name="TResult">The type of a result. A row may have several, or none.</typeparam>
internal abstract class RowTask<TResult> : RowTask
{
    /// <inheritdoc/>
    public sealed override void Run(IReadOnlyList<InputRow> rows, RowBlock block, CancellationToken stop)
    {
        foreach ((InputRow row, TResult result) in Answer(rows, stop))
        {
            block.Remarks.AddRange(Remarks(row, result));
            switch (block.Format)
            {
                case OutputFormat.Text:
                    foreach (string line in Lines(row, result))
                        block.AddLine(line);
                    break;
                case OutputFormat.Npy or OutputFormat.Safetensors:
                    block.AddVector(Vector(result));
                    break;
                default:
                    Utf8JsonWriter json = block.BeginRecord();
                    row.CopyTo(json, Columns);
                    Write(json, row, result);
                    block.EndRecord(row);
                    break;
            }
        }
    }

    /// <summary>Answers rows, in their order.</summary>
    protected abstract IEnumerable<(InputRow Row, TResult Result)> Answer(IReadOnlyList<InputRow> rows, CancellationToken stop);

    /// <summary>Writes the columns that are added.</summary>
    protected abstract void Write(Utf8JsonWriter json, InputRow row, TResult result);

    /// <summary>Returns the lines of a result for people.</summary>
    protected virtual IEnumerable<string> Lines(InputRow row, TResult result) => throw new NotSupportedException();

    /// <summary>Returns the vector that a result is.</summary>
    protected virtual ReadOnlySpan<float> Vector(TResult result) => throw new NotSupportedException();

    /// <summary>Returns what there is to say of a row.</summary>
    protected virtual IEnumerable<string> Remarks(InputRow row, TResult result) => [];
}
