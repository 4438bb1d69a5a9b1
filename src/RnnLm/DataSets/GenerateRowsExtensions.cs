namespace RnnLm;

/// <summary>Writes rows of one column with a model.</summary>
public static class GenerateRowsExtensions
{
    /// <summary>Writes rows. For several columns, see <see cref="RowGenerator"/>.</summary>
    /// <param name="model">The model. It must not be disposed before the last row is read.</param>
    /// <param name="options">How many rows, and what holds for all of them; <see langword="null"/> for the defaults.</param>
    /// <param name="column">Sets what must hold for each text.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rows, in their order; also those that are missing, for which no text could be kept.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="GenerationExhaustedException">The model has no more to say. All rows before were returned.</exception>
    public static IEnumerable<GeneratedRow> GenerateRows(
        this RnnLanguageModel model, GenerateOptions? options = null, Action<GenerateColumn>? column = null,
        CancellationToken cancellationToken = default)
    {
        var only = new GenerateColumn(model);
        column?.Invoke(only);
        return new RowGenerator(options ?? new GenerateOptions(), only).Rows(cancellationToken);
    }
}
