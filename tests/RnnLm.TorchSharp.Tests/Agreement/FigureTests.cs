using RnnLm.Managed.Training;
using RnnLm.Runtime;
using RnnLm.Tests;
using RnnLm.Training;

namespace RnnLm.TorchSharp.Tests;

/// <summary>Holds the figures that come of libtorch, in training's validation and in use, to PyTorch's.</summary>
public sealed class FigureTests
{
    public static TheoryData<string> LanguageModels => PyTorchFigures.LanguageModelNames;

    public static TheoryData<string> Classifiers => PyTorchFigures.ClassifierNames;

    [LibTorchTheory]
    [MemberData(nameof(LanguageModels))]
    public void ALanguageModelHasPyTorchsFigures(string name)
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels.Single(model => model.Name == name);
        using var model = new RnnLanguageModel(new LoadedModel(fixture.ToSaved(), Device()));
        TextRow[] rows = [.. fixture.Rows.Select(row => row.ToRow())];

        PyTorchFigures.AssertClose(fixture.Total, model.Evaluate(rows));

        // A step that changes nothing.
        var options = new LanguageModelOptions
        {
            Data = { Mode = fixture.Mode, BatchSize = 4, SequenceLength = 16 },
            Optimizer = { Kind = OptimizerKind.Sgd, LearningRate = 1e-30 },
            Training = { Epochs = 0, MaxSteps = 1, Seed = 1 },
            Device = Device(),
        };
        using RnnLanguageModel trained = RnnLanguageModel.Train(rows, options, rows, model);
        PyTorchFigures.AssertClose(fixture.Total, trained.TrainingSummary!.Validation!.Value);
    }

    [LibTorchTheory]
    [MemberData(nameof(Classifiers))]
    public void AClassifierHasPyTorchsFigures(string name)
    {
        PyTorchFigures.ClassifierFigures fixture = PyTorchFigures.Classifiers.Single(model => model.Name == name);
        using var model = new RnnTextClassifier(new LoadedModel(fixture.ToSaved(), Device()));

        ClassifierEvaluation evaluation = model.Evaluate(fixture.Rows.Select(row => new LabelledText(row.Text, row.Label)));

        Assert.Equal((fixture.Rows.Length, fixture.Rows.Length - fixture.LossRows), (evaluation.Rows, evaluation.UnknownLabels));
        Assert.Equal(fixture.Accuracy, evaluation.Accuracy, 12);
        Assert.Equal(fixture.MacroF1, evaluation.MacroF1, 12);
        Assert.Equal(fixture.Loss, evaluation.Loss, 1e-6);
    }

    private static DeviceOptions Device() => new() { Engine = EngineKind.TorchSharp, Device = "cpu" };
}
