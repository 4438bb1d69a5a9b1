// Loads a model in a process of its own and a new MLContext, with no registration call, and prints what it writes for prompts, by Transform
// and by a PredictionEngine: a JSON object of string arrays. Usage: TestHost MODEL.zip PROMPT...
// Of a model that suggests it prints the suggestions and their probabilities, of one that checks texts what it says of each. A prompt
// may be followed by a line feed and a pattern.

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

IDataView output = model.Transform(ml.Data.LoadFromEnumerable(inputs));
bool Has(string column) => output.Schema.GetColumnOrNull(column) is not null;
(string[] transform, string[] predictionEngine) = Has("Suggestions") ? Both<Suggested>() : Has("PValue") ? Both<Checked>() : Both<Output>();

Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, string[]>
{
    ["members"] = [.. Members(model).Select(member => member.GetType().Name)],
    ["columns"] = [.. inputSchema.Select(column => column.Name)],
    ["transform"] = transform,
    ["engine"] = predictionEngine,
}));

(string[] Transform, string[] Engine) Both<T>() where T : class, new() => (Read<T>(), Predict<T>());

string[] Read<T>() where T : class, new() =>
    [.. ml.Data.CreateEnumerable<T>(output, reuseRowObject: false).Select(row => $"{row}")];

string[] Predict<T>() where T : class, new()
{
    using PredictionEngine<Input, T> engine = ml.Model.CreatePredictionEngine<Input, T>(model);
    return [.. inputs.Select(input => $"{engine.Predict(input)}")];
}

static IEnumerable<ITransformer> Members(ITransformer model) =>
    model is IEnumerable<ITransformer> chain ? chain.SelectMany(Members) : [model];
