using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace RnnLm.MLNet.Tests;

/// <summary>Counts the tensors of libtorch that the test's thread has made and not yet disposed.</summary>
public sealed class LeakTests
{
    private readonly MLContext _ml = new();

    [SkippableFact]
    public void FitTransformAndPredictionsLeaveNoTensors()
    {
        IDataView data = SmallModels.View(_ml, SmallModels.Messages);
        long before = Live;
        RnnLanguageModelTransformer model = SmallModels.Train(_ml, SmallModels.Options(EngineKind.TorchSharp));
        Assert.Equal(before, Live);

        model.Transform(data).Texts();
        long weights = Live;
        Assert.True(weights > before, "The model's weights are tensors once it has run.");
        model.Transform(data).Texts();
        model.Transform(_ml.Data.TakeRows(data, 3)).Texts();
        model.Predict(_ml, "Hello");
        using (RnnTextScorer scorer = model.ToScorer())
            Assert.Equal(120, scorer.Transform(data).GetColumn<float>("Perplexity").Count());
        using (RnnTextFeaturizer featurizer = model.ToFeaturizer())
            Assert.Equal(120, featurizer.Transform(data).GetColumn<float[]>("Features").Count());
        using (RnnTextSuggester suggester = model.ToSuggester())
            Assert.Equal(8, suggester.Transform(SmallModels.View(_ml, SmallModels.Prompts)).GetColumn<float[]>("Probabilities").Count());
        using (RnnTextAnomalyDetector detector = model.ToAnomalyDetector(data))
            Assert.Equal(120, detector.Transform(data).GetColumn<float>("PValue").Count());
        Assert.Equal(weights, Live);

        DataViewRowCursor unfinished = model.Transform(data).GetRowCursor(model.GetOutputSchema(data.Schema));
        Assert.True(unfinished.MoveNext());
        unfinished.Dispose();
        Assert.Equal(weights, Live);
    }

    [SkippableFact]
    public void DisposingGivesTheWeightsBackWithTheLastWhoSharesThem()
    {
        IDataView data = SmallModels.View(_ml, SmallModels.Prompts);
        long before = Live;
        RnnLanguageModelTransformer model = SmallModels.Train(_ml, SmallModels.Options(EngineKind.TorchSharp));
        RnnTextScorer scorer = model.ToScorer();
        model.Transform(data).Texts();
        model.Dispose();
        Assert.NotEqual(before, Live);
        Assert.Equal(SmallModels.Prompts.Length, scorer.Transform(data).GetColumn<float>("Perplexity").Count());
        scorer.Dispose();
        Assert.Equal(before, Live);
    }

    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
}
