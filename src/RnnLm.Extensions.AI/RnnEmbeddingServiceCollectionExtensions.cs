using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace RnnLm.Extensions.AI;

/// <summary>Adds embeddings to the services of an application.</summary>
public static class RnnEmbeddingServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of texts as a singleton. The model is loaded when it is first asked
    /// for, and disposed with the services.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="path">The model: a zip that ML.NET, <see cref="RnnLanguageModel.Save(string)"/> or <c>rnnlm</c> wrote.</param>
    /// <param name="options">How texts become embeddings; copied; <see langword="null"/> for the defaults.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddRnnLmEmbeddings(this IServiceCollection services, string path, RnnEmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(path);
        RnnEmbeddingOptions? copy = options?.Clone();
        services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(_ => RnnEmbeddingGenerator.Load(path, copy));
        return services.AddSingleton<IEmbeddingGenerator>(provider =>
            provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
    }
}
