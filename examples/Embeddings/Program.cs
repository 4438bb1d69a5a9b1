using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using RnnLm;
using RnnLm.Extensions.AI;

// A model of messages, trained once.
string[] messages = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "messages.txt")).Distinct(StringComparer.Ordinal)];
string path = Path.Combine(Path.GetTempPath(), "messages.zip");
var options = new LanguageModelOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 96 },
    Data = { Mode = DataMode.Rows },
    Training = { Epochs = 10, Seed = 1 },
};
using (RnnLanguageModel model = RnnLanguageModel.Train(messages.Select(TextRow.Row), options))
    model.Save(path);

// An application takes the generator from its services.
await using ServiceProvider services = new ServiceCollection()
    .AddRnnLmEmbeddings(path, new RnnEmbeddingOptions { Pooling = Pooling.Mean })
    .BuildServiceProvider();
var generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
GeneratedEmbeddings<Embedding<float>> known = await generator.GenerateAsync(messages);

// The message that is spelled most like one that was typed in haste.
string typed = messages[7].ToUpperInvariant()[..1] + messages[7][1..].Replace("e", "ee", StringComparison.Ordinal);
Embedding<float> embedding = await generator.GenerateAsync(typed);
int nearest = Enumerable.Range(0, messages.Length)
    .MaxBy(i => TensorPrimitives.CosineSimilarity(embedding.Vector.Span, known[i].Vector.Span));
Console.WriteLine($"{typed}\n{messages[nearest]}");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT texts={known.Count} dimensions={embedding.Dimensions} found={(nearest == 7 ? 1 : 0)}"));
