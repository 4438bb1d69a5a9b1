using System.Text.Json;
using RnnLm.Engines;
using RnnLm.Text;

namespace RnnLm.Tests.PyTorch;

/// <summary>A file that PyTorch wrote, with the logits that it computes after each of some tokens.</summary>
internal sealed record TorchCase
{
    public required string Folder { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Tokens { get; init; }

    public required int[] Ids { get; init; }

    public required double[][] Logits { get; init; }   // [T, V]

    public string? Nonlinearity { get; init; }

    public bool Tied { get; init; }

    public string Path => System.IO.Path.Combine(Folder, Name + ".pth");

    public PyTorchOptions Options =>
        new() { Tokens = Tokens, Nonlinearity = Nonlinearity is null ? RnnLm.Nonlinearity.Tanh : RnnLm.Nonlinearity.Relu };

    public static IReadOnlyList<TorchCase> Read(string folder)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(folder, "cases.json")));
        return [.. json.RootElement.EnumerateArray().Select(one => new TorchCase
        {
            Folder = folder,
            Name = one.GetProperty("name").GetString()!,
            Tokens = [.. one.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!)],
            Ids = one.GetProperty("ids").Deserialize<int[]>()!,
            Logits = one.GetProperty("logits").Deserialize<double[][]>()!,
            Nonlinearity = one.TryGetProperty("nonlinearity", out JsonElement activation) ? activation.GetString() : null,
            Tied = one.TryGetProperty("tied", out JsonElement tied) && tied.GetBoolean(),
        })];
    }

    /// <summary>Holds a model's logits to those of PyTorch, token by token, within 1e-5.</summary>
    public void AssertAgrees(RnnLanguageModel model)
    {
        CharVocabulary vocabulary = model.Vocabulary;
        using IInferenceSession session = model.Loaded.LanguageModel.CreateSession(1);
        session.Reset(0);
        float[] logits = new float[vocabulary.Size];   // [V]
        for (int step = 0; step < Ids.Length; step++)
        {
            session.Step([IdOf(Tokens[Ids[step]])!.Value], logits);
            for (int token = 0; token < Tokens.Count; token++)
            {
                if (IdOf(Tokens[token]) is { } id)
                    Assert.Equal(Logits[step][token], logits[id], 1e-5);
            }
        }

        int? IdOf(string token) => token switch
        {
            "<pad>" => null,
            "<unk>" => vocabulary.UnknownId,
            "<s>" => vocabulary.StartId,
            "</s>" => vocabulary.EndId,
            _ => vocabulary.Encode(token)[0],
        };
    }
}
