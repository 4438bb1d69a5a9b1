// What the tests start as another process: loads a model that ML.NET saved, and prints the scores of texts, one a line.
// Usage: MODEL.zip TEXT...

using System.Globalization;
using Microsoft.ML;
using OnnxMLNet;

var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out _);
IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(args[1..].Select(text => new Row { Text = text })));
foreach (Score score in ml.Data.CreateEnumerable<Score>(scored, reuseRowObject: false))
    Console.WriteLine(score.LogProbability[0].ToString("R", CultureInfo.InvariantCulture));
