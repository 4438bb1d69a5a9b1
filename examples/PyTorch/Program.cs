using System.Globalization;
using RnnLm;

// A model that PyTorch has trained, as torch.save(model.state_dict(), "hello.pth") wrote it, and the tokens that its rows stand for.
string folder = AppContext.BaseDirectory;
var pytorch = new PyTorchOptions
{
    Tokens = PyTorchFile.ReadVocabulary(Path.Combine(folder, "hello.json")),
    Modules = { ["fc"] = "output" },
};
using RnnLanguageModel model = PyTorchFile.Load(Path.Combine(folder, "hello.pth"), pytorch);
Console.WriteLine($"read: {model.Characters.Count} characters, {model.Score("hello").NatsPerCharacter:F3} nats a character");

// It is trained further like any other model, here on text with characters that it does not know.
string text = string.Concat(Enumerable.Repeat("hello, hallo, hullo\n", 200));
var options = new LanguageModelOptions
{
    Vocabulary = { Grow = true },
    Optimizer = { LearningRate = 0.01 },
    Training = { Epochs = 20, Seed = 1 },
};
using RnnLanguageModel further = RnnLanguageModel.Train([text], options, previous: model);

// And goes back to PyTorch: python3 rnnlm_model.py further.pth "hello" prints the logits.
string path = Path.Combine(Path.GetTempPath(), "further.pth");
PyTorchFile.Save(further, path);
using RnnLanguageModel back = PyTorchFile.Load(path);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT characters={back.Characters.Count} nats={back.Score("hello, hallo").NatsPerCharacter:F3}"));
