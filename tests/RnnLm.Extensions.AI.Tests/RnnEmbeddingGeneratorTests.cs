using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using RnnLm.Tests;

namespace RnnLm.Extensions.AI.Tests;

/// <summary>Embeddings are the model's own features, whatever asks for them, and however many at once.</summary>
public sealed class RnnEmbeddingGeneratorTests : IDisposable
{
    private static readonly string[] Lines =
        [.. File.ReadLines(TestData.InRepository("examples", "Quickstart", "Data", "messages.txt")).Take(150)];

    private static readonly string[] Texts = [.. Lines, "", "\n", "😀 unknown \uD800 characters é", Lines[0]];

    private readonly TempFolder _folder = new();
    private readonly RnnLanguageModel _model = RnnLanguageModel.Train(
        Lines.Select((line, i) => TextRow.Row(line, i % 2 == 0 ? "even" : "odd")),
        new LanguageModelOptions
        {
            Model = { Cell = CellType.Gru, HiddenSize = 12, Layers = 2, EmbeddingSize = 6 },
            Data = { Mode = DataMode.Rows },
            Training = { Epochs = 0, MaxSteps = 5, Seed = 1 },
            Device = { Engine = EngineKind.Managed },
        });

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Pooling.Last, null)]
    [InlineData(Pooling.Mean, "odd")]
    [InlineData(Pooling.Max, null)]
    [InlineData(Pooling.Last, "")]
    public async Task EmbeddingsAreTheModelsFeaturesInTheOrderOfTheTexts(Pooling pooling, string? condition)
    {
        using var generator = new RnnEmbeddingGenerator(_model, new() { Pooling = pooling, Condition = condition });

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(Texts);

        Assert.Equal(Texts.Length, embeddings.Count);
        foreach ((string text, Embedding<float> embedding) in Texts.Zip(embeddings))
            Assert.Equal(_model.Encode(text, pooling, condition), embedding.Vector.ToArray());
        Assert.Equal(Texts.Sum(text => text.EnumerateRunes().Count()), embeddings.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task MetadataSayWhatComesOfIt()
    {
        _model.Save(_folder["messages.zip"]);
        using var generator = RnnEmbeddingGenerator.Load(_folder["messages.zip"], new() { AllLayers = true });
        var metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;

        Assert.Equal(("rnnlm", "messages", 24), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Embedding<float> embedding = await generator.GenerateAsync("Hello", new() { Dimensions = 24 });
        Assert.Equal((24, "messages"), (embedding.Dimensions, embedding.ModelId));
        Assert.Equal(_model.Encode("Hello"), embedding.Vector[12..].ToArray());
        Assert.Same(generator, generator.GetService(typeof(IEmbeddingGenerator<string, Embedding<float>>)));
        Assert.IsType<RnnLanguageModel>(generator.GetService(typeof(RnnLanguageModel)));
        Assert.Null(generator.GetService(typeof(string)));
        Assert.Null(generator.GetService(typeof(RnnLanguageModel), "key"));
    }

    /// <summary>An option group is there to be set, as everywhere else, and services have a copy of it.</summary>
    [Fact]
    public async Task TheDeviceIsOneOfTheOptions()
    {
        _model.Save(_folder["m.zip"]);
        var options = new RnnEmbeddingOptions { Pooling = Pooling.Mean, Device = { Device = "gpu" } };
        Assert.Contains("Device.Device is 'gpu', which is not known",
            Assert.Throws<OptionsException>(() => RnnEmbeddingGenerator.Load(_folder["m.zip"], options)).Message, StringComparison.Ordinal);
        options.Device.Device = "cpu";
        await using ServiceProvider services = new ServiceCollection().AddRnnLmEmbeddings(_folder["m.zip"], options).BuildServiceProvider();
        options.Device.Device = "gpu";
        Assert.Equal(_model.Encode("Hello", Pooling.Mean), (await services
            .GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateVectorAsync("Hello")).ToArray());
    }

    /// <summary>The key is that of another process with the same model, and differs where a vector could.</summary>
    [Fact]
    public void TheKeyOfACacheSaysWhatVectorsDependOn()
    {
        _model.Save(_folder["a.zip"]);
        using RnnLanguageModel further = RnnLanguageModel.Train(Lines.Select(line => TextRow.Row(line)),
            new() { Training = { Epochs = 0, MaxSteps = 1, Seed = 1 }, Device = { Engine = EngineKind.Managed } }, previous: _model);
        string Key(RnnLanguageModel model, RnnEmbeddingOptions? options = null)
        {
            using var generator = new RnnEmbeddingGenerator(model, options);
            return generator.CacheKey;
        }

        using RnnEmbeddingGenerator loaded = RnnEmbeddingGenerator.Load(_folder["a.zip"]);
        Assert.Equal(Key(_model), loaded.CacheKey);
        Assert.Equal(Key(_model), Key(_model, new() { Condition = "" }));
        string[] keys = [Key(_model), Key(further), Key(_model, new() { Pooling = Pooling.Mean }), Key(_model, new() { AllLayers = true }),
            Key(_model, new() { Condition = "odd" }), Key(_model, new() { Condition = "even" })];
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key));
    }

    [Fact]
    public async Task ManyThreadsGetWhatOneGets()
    {
        using var generator = new RnnEmbeddingGenerator(_model);
        float[][] expected = [.. (await generator.GenerateAsync(Texts)).Select(embedding => embedding.Vector.ToArray())];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async shift =>
        {
            string[] turned = [.. Texts.Skip(shift), .. Texts.Take(shift)];
            GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(turned);
            for (int i = 0; i < turned.Length; i++)
                Assert.Equal(expected[(i + shift) % Texts.Length], embeddings[i].Vector.ToArray());
        }));
    }

    [Fact]
    public async Task ItIsCancelledBeforeAndWhileItRuns()
    {
        using var generator = new RnnEmbeddingGenerator(_model);
        using var stop = new CancellationTokenSource();
        IEnumerable<string> Endless()
        {
            for (int i = 0; ; i++)
            {
                if (i == 500)
                    stop.Cancel();
                yield return Lines[i % Lines.Length];
            }
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(Endless(), cancellationToken: stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(["a"], cancellationToken: stop.Token));
        Assert.Single(await generator.GenerateAsync(["a"]));
    }

    [Fact]
    public async Task ServicesHaveOneThatIsDisposedWithThem()
    {
        _model.Save(_folder["m.zip"]);
        IEmbeddingGenerator<string, Embedding<float>> generator;
        await using (ServiceProvider services = new ServiceCollection().AddRnnLmEmbeddings(_folder["m.zip"],
            new() { Pooling = Pooling.Mean }).BuildServiceProvider(validateScopes: true))
        {
            generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
            Assert.Same(generator, services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
            Assert.Same(generator, services.GetRequiredService<IEmbeddingGenerator>());
            Assert.Equal(_model.Encode("Hello", Pooling.Mean), (await generator.GenerateVectorAsync("Hello")).ToArray());
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.GenerateAsync("Hello"));
    }

    [Fact]
    public async Task WhatCantBeIsRefused()
    {
        using var generator = new RnnEmbeddingGenerator(_model);
        await Assert.ThrowsAsync<ArgumentNullException>(() => generator.GenerateAsync((IEnumerable<string>)null!));
        Assert.StartsWith("The text at index 1 is null.",
            (await Assert.ThrowsAsync<ArgumentNullException>(() => generator.GenerateAsync(["a", null!]))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("5 dimensions are asked for, but the model makes 12.",
            (await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a"], new() { Dimensions = 5 }))).Message,
            StringComparison.Ordinal);
        Assert.Contains("does not know the condition 'none'", Assert.Throws<ArgumentOutOfRangeException>(() =>
            new RnnEmbeddingGenerator(_model, new() { Condition = "none" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RnnEmbeddingGenerator(_model, new() { Pooling = (Pooling)7 }));
        Assert.Throws<FileNotFoundException>(() => RnnEmbeddingGenerator.Load(_folder["gone.zip"]));
        File.WriteAllText(_folder["text.zip"], "no model");
        Assert.Throws<FormatException>(() => RnnEmbeddingGenerator.Load(_folder["text.zip"]));
        // A model that was handed in is its owner's.
        generator.Dispose();
        Assert.Equal(12, _model.Encode("a").Length);
    }
}
