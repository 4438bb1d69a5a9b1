using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet.Transformers;

/// <summary>A mapping that asks a model.</summary>
internal abstract class ModelMapping<TResult>(
    RnnTextTransformer transformer, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<AddedColumn<TResult>> added)
    : RowMapping<TResult>(transformer.Host, inputSchema, columns, added)
{
    private readonly ConcurrentDictionary<string, bool> _warnings = new(StringComparer.Ordinal);
    private readonly KnownConditions _conditions = new(transformer.Loaded.Saved.Conditions);

    protected LoadedModel Model { get; } = transformer.Loaded;

    public override IDisposable Lease() => new Ownership(transformer.Loaded.Share());

    /// <summary>Gets the number of a row's condition; -1 for none: of a model that has none, or of a row whose condition is missing, which
    /// is an empty text or a missing key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The model does not know the condition.</exception>
    protected int ConditionId(string? condition)
    {
        if (_conditions.Count == 0)
            return -1;
        if (!_conditions.TryFind(condition, out int id))
        {
            throw Host.Process(new ArgumentOutOfRangeException(nameof(condition),
                $"The model does not know the condition '{condition}' of a row. {_conditions.List}"));
        }

        // A key that its mapping did not know is missing too.
        if (id < 0)
            WarnOnce($"The condition of rows is missing; they are read without one. {_conditions.List}");
        return id;
    }

    /// <summary>Warns once for all the rows of a data view.</summary>
    protected void WarnOfUnknown(int unknownCharacters)
    {
        if (unknownCharacters > 0)
        {
            WarnOnce("Texts have characters that the model does not know; they are "
                + (Model.Saved.Vocabulary.UnknownCharacters == UnknownCharacterPolicy.Skip
                ? "left out."
                : "read as the unknown token."));
        }
    }

    private void WarnOnce(string message)
    {
        if (!_warnings.TryAdd(message, true))
            return;
        using IChannel channel = Host.Start("Reading text");
        channel.Warning(MessageSensitivity.None, message);
    }

    private sealed class Ownership(LoadedModel model) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
                model.Release();
        }
    }
}
