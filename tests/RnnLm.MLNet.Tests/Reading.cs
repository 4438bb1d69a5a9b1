using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet.Tests;

/// <summary>Short forms of reading predictions.</summary>
internal static class Reading
{
    public static string[] Texts(this IDataView view, string column = "Continuation") => [.. view.GetColumn<string>(column)];

    public static string[] Continue(this ITransformer model, MLContext ml, IEnumerable<string?> prompts) =>
        model.Transform(SmallModels.View(ml, prompts)).Texts();

    public static string Predict(this ITransformer model, MLContext ml, string prompt)
    {
        using PredictionEngine<TextInput, TextOutput> engine =
            ml.Model.CreatePredictionEngine<TextInput, TextOutput>(model, new PredictionEngineOptions { OwnsTransformer = false });
        return engine.Predict(new TextInput { Text = prompt }).Continuation;
    }
}
