using System.Reflection;
using RnnLm.Diagnostics;

namespace RnnLm.Tests.Training;

/// <summary>Which options may change on resume: every option says so, and a change of one that may not is refused by its name.</summary>
public sealed class ResumeOptionsTests : IDisposable
{
    private static readonly (string Group, Type Type)[] s_groups =
    [
        ("Model", typeof(LanguageModelNetworkOptions)), ("Vocabulary", typeof(VocabularyOptions)),
        ("Data", typeof(LanguageModelDataOptions)),
        ("Optimizer", typeof(OptimizerOptions)), ("Training", typeof(LanguageModelTrainingOptions)), ("Device", typeof(DeviceOptions)),
        ("Classifier", typeof(ClassifierOptions)),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Options(bool mayChange)
    {
        var options = new TheoryData<string, string>();
        foreach ((string group, PropertyInfo option) in All())
        {
            // Another engine is not there; the tests of RnnLm.TorchSharp go on with it.
            if (option.GetCustomAttribute<OnResumeAttribute>()?.MayChange == mayChange && option.Name != nameof(DeviceOptions.Engine))
                options.Add(group, option.Name);
        }

        return options;
    }

    [Fact]
    public void EveryOptionSaysWhetherItMayChange()
    {
        Assert.True(All().Count() > 60);
        Assert.Empty(All().Where(o => o.Option.GetCustomAttribute<OnResumeAttribute>() is null).Select(o => $"{o.Group}.{o.Option.Name}"));
        // All groups of both kinds but that of sampling, which is no part of training. A classifier's may be the bases of others.
        IEnumerable<PropertyInfo> groups =
            typeof(LanguageModelOptions).GetProperties().Concat(typeof(TextClassifierOptions).GetProperties());
        Type[] trained = [.. groups.Select(group => group.PropertyType).Where(type => type != typeof(SamplingOptions))];
        Assert.Equal(
            s_groups.Select(group => group.Type).ToHashSet(),
            [.. trained.Where(type => !trained.Any(other => other.IsSubclassOf(type)))]);
    }

    [Theory]
    [MemberData(nameof(Options), false)]
    public void AChangeThatMayNotBeIsRefusedByItsName(string group, string option)
    {
        CheckpointException fault = Assert.Throws<CheckpointException>(() => ResumeWith(group, option));

        CheckpointDifference difference = Assert.Single(fault.Differences, difference => difference.Group.Length > 0);
        Assert.Equal((group, option), (difference.Group, difference.Property));
        Assert.NotEqual(difference.Was, difference.Now);
        Assert.Contains($"{group}.{option} was ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Options), true)]
    public void AChangeThatMayBeIsTaken(string group, string option)
    {
        // With these three there is another token, another file or nothing to go on from.
        if (option is nameof(TrainingOptions.CancellationToken) or nameof(TrainingOptions.CheckpointPath) or nameof(TrainingOptions.Resume))
            return;

        Assert.True(ResumeWith(group, option) >= 3);
    }

    /// <summary>Trains a few steps, and goes on with another value of an option.</summary>
    /// <returns>The number of steps.</returns>
    private long ResumeWith(string group, string option)
    {
        if (group == "Classifier")
        {
            TextClassifierOptions options = Classifier();
            RnnTextClassifier.Train(Texts(), options).Dispose();
            Change(options, group, option);
            using RnnTextClassifier resumed = RnnTextClassifier.Train(Texts(), options);
            return resumed.TrainingSummary!.Steps;
        }

        LanguageModelOptions before = LanguageModel();
        if (option == nameof(LanguageModelNetworkOptions.TieWeights))
            before.Model.EmbeddingSize = before.Model.HiddenSize;
        if (option.StartsWith("Privacy", StringComparison.Ordinal))
            (before.Data.Mode, before.Training.PrivacyNoise, before.Training.PrivacyClipNorm) = (DataMode.Rows, 1, 1);
        RnnLanguageModel.Train(TinyTraining.Rows, before).Dispose();
        Change(before, group, option);
        using RnnLanguageModel model = RnnLanguageModel.Train(TinyTraining.Rows, before);
        return model.TrainingSummary!.Steps;
    }

    private static void Change(object options, string group, string option)
    {
        object target = options.GetType().GetProperty(group)!.GetValue(options)!;
        PropertyInfo property = target.GetType().GetProperty(option)!;
        object? value = property.GetValue(target);
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        property.SetValue(target, (option, value) switch
        {
            (nameof(DeviceOptions.Device), _) => "cpu",
            (nameof(VocabularyOptions.Characters), _) => "abcdefghijklmnopqrstuvwxyz 0123456789.",
            (nameof(TrainingOptions.OnCancel), _) => CancellationBehavior.Throw,
            (nameof(TrainingOptions.Progress), _) => new Ignore<TrainingProgress>(),
            (nameof(TrainingOptions.Log), _) => new Ignore<LogMessage>(),
            (_, bool flag) => !flag,
            (_, int number) => number + 1,
            (_, long number) => number + 1,
            (_, double number) => number < 0.5 ? number + 0.25 : number / 2,
            (_, string text) => text + "x",
            (_, Enum) => Enum.GetValuesAsUnderlyingType(type).Cast<object>()
                .Select(other => Enum.ToObject(type, other)).First(other => !other.Equals(value)),
            _ when type == typeof(double) => 0.5,
            _ when type == typeof(bool) => true,
            _ => throw new NotSupportedException($"{group}.{option}"),
        });
    }

    private static IEnumerable<(string Group, PropertyInfo Option)> All() =>
        s_groups.SelectMany(group => group.Type.GetProperties().Select(option => (group.Group, option)));

    private LanguageModelOptions LanguageModel()
    {
        LanguageModelOptions options = TinyTraining.Options();
        (options.Training.CheckpointPath, options.Training.Resume, options.Training.MaxSteps) = (_folder["checkpoint"], true, 3);
        return options;
    }

    private TextClassifierOptions Classifier() => new()
    {
        Model = { HiddenSize = 8, EmbeddingSize = 4 },
        Training = { Epochs = 0, MaxSteps = 3, Seed = 2, CheckpointPath = _folder["checkpoint"], Resume = true },
        Device = { Engine = EngineKind.Managed, Threads = 1 },
    };

    private static IEnumerable<LabelledText> Texts() =>
        TinyTraining.Lines.Take(60).Select((line, i) => new LabelledText(line, i % 3 == 0 ? "third" : "other"));

    private sealed class Ignore<T> : IProgress<T>
    {
        public void Report(T value)
        {
        }
    }
}
