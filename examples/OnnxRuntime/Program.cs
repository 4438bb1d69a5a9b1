// A language model as ONNX: trained and saved by RnnLm, then run by ONNX Runtime alone, which scores text and writes it.
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using OnnxRuntime;
using RnnLm;
using RnnLm.Onnx;

string path = Path.GetFullPath(args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "messages.txt"));
// What is written lies beside the program.
Environment.CurrentDirectory = AppContext.BaseDirectory;

var options = new LanguageModelOptions
{
    Model = { Cell = CellType.Gru, HiddenSize = 64, EmbeddingSize = 32 },
    Data = { Mode = DataMode.Rows, BatchSize = 16 },
    Optimizer = { LearningRate = 0.01 },
    Training = { Epochs = 3, MaxMinutes = 1, Seed = 1 },
};
using RnnLanguageModel model = RnnLanguageModel.Train(File.ReadLines(path).Select(TextRow.Row), options);
model.SaveOnnx("scores.onnx");
model.SaveOnnx("step.onnx", OnnxGraph.Step);

string[] texts = ["Thank you for your help.", "Thnak yuo fro yuor hlep."];
using var scores = new InferenceSession("scores.onnx");
using OrtValue column = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [texts.Length, 1]);
for (int row = 0; row < texts.Length; row++)
    column.StringTensorSetElementAt(texts[row], row);
using var run = new RunOptions();
using IDisposableReadOnlyCollection<OrtValue> scored = scores.Run(run, ["text"], [column], ["log_probability", "count"]);
float[] logProbabilities = scored[0].GetTensorDataAsSpan<float>().ToArray();
long[] counts = scored[1].GetTensorDataAsSpan<long>().ToArray();
for (int row = 0; row < texts.Length; row++)
    Console.WriteLine($"perplexity {Math.Exp(-logProbabilities[row] / counts[row]):F1}: {texts[row]}");

using var step = new InferenceSession("step.onnx");
const string Prompt = "Hello, I ordered ";
for (int seed = 1; seed <= 3; seed++)
    Console.WriteLine(Prompt + StepWriter.Write(step, Prompt, maxLength: 200, temperature: 0.5, new Random(seed)));

string likeliest = StepWriter.Write(step, Prompt, maxLength: 200, temperature: 0, new Random(1));
bool isSame = likeliest == model.Generate(Prompt, new SamplingOptions { Temperature = 0, MaxLength = 200 });
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"RESULT same_text={(isSame ? 1 : 0)} difference={Math.Abs(model.Score(texts[0]).LogProbability - logProbabilities[0]):E1}"));
return isSame ? 0 : 1;
