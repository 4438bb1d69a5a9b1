// Loads a model in a process of its own and a new MLContext, with no registration call, and prints what it writes for prompts, by Transform
// and by a PredictionEngine: a JSON object of string arrays. Usage: TestHost MODEL.zip PROMPT...
// A prompt may be followed by a line feed and a pattern.

using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.TestHost;
using RnnLm.MLNet.Transformers;

string path = args[0];
Input[] inputs =
[
    .. args[1..].Select(argument => argument.Split('\n', 2)).Select(parts => new Input
    {
        Text = parts[0],
        Pattern = parts.ElementAtOrDefault(1) ?? ""
    }),
];
var ml = new MLContext();
ITransformer model = ml.Model.Load(path, out DataViewSchema inputSchema);

IDataView data = ml.Data.LoadFromEnumerable(inputs);
string[] transform = [.. model.Transform(data).GetColumn<string>("Continuation")];

using PredictionEngine<Input, Output> engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
string[] predictionEngine = [.. inputs.Select(input => engine.Predict(input).Continuation)];

Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, string[]>
{
    ["members"] = [.. Members(model).Select(member => member.GetType().Name)],
    ["columns"] = [.. inputSchema.Select(column => column.Name)],
    ["transform"] = transform,
    ["engine"] = predictionEngine,
}));

static IEnumerable<ITransformer> Members(ITransformer model) =>
    model is IEnumerable<ITransformer> chain ? chain.SelectMany(Members) : [model];
