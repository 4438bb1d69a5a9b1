using System.Text;
using Microsoft.Extensions.AI;
using RnnLm.Features;
using RnnLm.Lanes;
using RnnLm.ModelFiles;
using RnnLm.Text;

namespace RnnLm.Extensions.AI;

/// <summary>
/// Embeddings of texts by a character language model: its hidden states, as <see cref="RnnLanguageModel.Encode"/> gives them. A text's
/// embedding depends on the text alone. Safe for use by many threads at once.
/// </summary>
/// <example>
/// <code>
/// using var generator = RnnEmbeddingGenerator.Load("orders.zip");
/// GeneratedEmbeddings&lt;Embedding&lt;float&gt;&gt; embeddings = await generator.GenerateAsync(["bolt M8", "bolt M10"]);
/// </code>
/// </example>
public sealed class RnnEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly RnnLanguageModel _model;
    private readonly bool _ownsModel;
    private readonly TextEncoder _encoder;
    private readonly int _condition;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly Lazy<string> _cacheKey;
    private int _disposed;

    /// <summary>Makes embeddings by a model, which stays the caller's to dispose.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults. <see cref="RnnEmbeddingOptions.Device"/> is the model's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The condition is not known, or the pooling none of the enumeration.</exception>
    public RnnEmbeddingGenerator(RnnLanguageModel model, RnnEmbeddingOptions? options = null)
        : this(model, options, modelId: null, ownsModel: false)
    {
    }

    private RnnEmbeddingGenerator(RnnLanguageModel model, RnnEmbeddingOptions? options, string? modelId, bool ownsModel)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new RnnEmbeddingOptions();
        if (!Enum.IsDefined(options.Pooling))
            throw new ArgumentOutOfRangeException(nameof(options), options.Pooling, "Pooling is none of the enumeration.");
        if (!model.KnownConditions.TryFind(options.Condition, out _condition))
            throw new ArgumentOutOfRangeException(nameof(options), $"T{model.KnownConditions.Unknown(options.Condition!)[1..]}");
        (_model, _ownsModel) = (model, ownsModel);
        _encoder = new TextEncoder(model.Loaded.LanguageModel, model.Loaded.Framing, LanePool.UsualLanes, options.Pooling,
            options.AllLayers);
        string settings = FormattableString.Invariant($"embedding {options.Pooling} {options.AllLayers} {_condition}");
        _cacheKey = new(() => ModelHash.Of(model.Saved, settings));
        _metadata = new EmbeddingGeneratorMetadata("rnnlm", defaultModelId: modelId, defaultModelDimensions: _encoder.Length);
    }

    /// <summary>
    /// Gets a hash of what a text's embedding depends on: weights, network and characters of the model, pooling, layers and condition. For
    /// the key of a cache that outlives a model, or that several generators share; engines and devices, whose results differ in the last
    /// digits, have the same. Made at the first call.
    /// </summary>
    /// <value>64 hexadecimal digits.</value>
    public string CacheKey => _cacheKey.Value;

    /// <summary>Loads a model, which is disposed with the generator.</summary>
    /// <param name="path">A zip that ML.NET, <see cref="RnnLanguageModel.Save(string)"/> or <c>rnnlm</c> wrote.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <returns>The generator, to be disposed.</returns>
    /// <exception cref="FormatException">The file is damaged, or holds no language model.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The condition is not known, or the pooling none of the enumeration.</exception>
    public static RnnEmbeddingGenerator Load(string path, RnnEmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        RnnLanguageModel model = RnnLanguageModel.Load(path, options?.Device);
        try
        {
            return new RnnEmbeddingGenerator(model, options, Path.GetFileNameWithoutExtension(path), ownsModel: true);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Makes an embedding of each text, in batches on a thread of the pool.</summary>
    /// <param name="values">The texts; may be empty. They are read there, as they are needed.</param>
    /// <param name="options">
    /// <see cref="EmbeddingGenerationOptions.Dimensions"/>, where set, has to be what the model makes; what else is there is not looked at.
    /// </param>
    /// <param name="cancellationToken">Stops it, before the next character at the latest.</param>
    /// <returns>The embeddings, in the order of the texts. Their usage counts the characters.</returns>
    /// <exception cref="ArgumentException">A text is <see langword="null"/> or has a character that the model refuses; the message has its
    /// index. Or another number of dimensions is asked for.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (options?.Dimensions is { } dimensions && dimensions != _encoder.Length)
        {
            throw new ArgumentException($"{dimensions} dimensions are asked for, but the model makes {_encoder.Length}. Leave Dimensions "
                + "out.",
                nameof(options));
        }

        return Task.Run(() => Generate(values, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(RnnLanguageModel) ? _model
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Gives back a model that was loaded from a file. Disposing twice does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && _ownsModel)
            _model.Dispose();
    }

    private GeneratedEmbeddings<Embedding<float>> Generate(IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        long characters = 0;
        IEnumerable<EncodeRequest> requests = TextBatch.Read(texts, _model.Vocabulary, "values").Select(text =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Rune _ in text.Span.EnumerateRunes())
                characters++;
            return new EncodeRequest(text, _condition);
        });
        DateTimeOffset now = DateTimeOffset.UtcNow;
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (EncodedText encoded in _encoder.Encode(requests, cancellationToken))
            embeddings.Add(new Embedding<float>(encoded.Features) { CreatedAt = now, ModelId = _metadata.DefaultModelId });
        embeddings.Usage = new UsageDetails { InputTokenCount = characters, TotalTokenCount = characters };
        return embeddings;
    }
}
