using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet;

/// <summary>Extensions of <see cref="DataOperationsCatalog"/> that make data views of rows that models write.</summary>
public static class GeneratedRowsCatalog
{
    /// <summary>
    /// Create a data view of rows that language models write, such as test data or further training data. Its columns are those of
    /// <see cref="RowGenerator.Names"/>, of type text; rows that are missing are left out.
    /// </summary>
    /// <param name="catalog">The catalog of data operations.</param>
    /// <param name="options">
    /// How many rows, and what holds for all of them; copied. Without a seed it is that of the context, if it has one, else another one
    /// each time.
    /// </param>
    /// <param name="columns">The columns. Their models must not be disposed before the last row is read.</param>
    /// <returns>
    /// The data view. Nothing is written before a cursor asks for it, and each cursor writes the same rows again: put a cache behind it
    /// (<c>mlContext.Data.Cache</c>) where it is read more than once. A cursor throws <see cref="GenerationExhaustedException"/> where the
    /// models have no more to say.
    /// </returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public static IDataView GenerateRows(this DataOperationsCatalog catalog, GenerateOptions options,
        params IReadOnlyList<GenerateColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        IHostEnvironment environment = HostAccess.GetEnvironment(catalog);
        GenerateOptions seeded = options.Clone();
        seeded.Seed ??= HostAccess.GetSeed(environment);
        return new RowDataView(environment.Register(nameof(GenerateRows)), new RowGenerator(seeded, columns));
    }
}
