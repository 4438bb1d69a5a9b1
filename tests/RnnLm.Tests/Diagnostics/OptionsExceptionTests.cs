using System.Reflection;
using RnnLm.Diagnostics;
using RnnLm.Managed.Training;
using RnnLm.Training;

namespace RnnLm.Tests.Diagnostics;

public class OptionsExceptionTests
{
    [Fact]
    public void EachFaultIsAValueThatNamesItsOption()
    {
        var options = new LanguageModelOptions
        {
            Model = { HiddenSize = 0, TieWeights = true, EmbeddingSize = 5 },
            Optimizer = { LearningRate = double.NaN }
        };

        OptionsException fault = Assert.Throws<OptionsException>(options.Validate);

        Assert.Equal(
            [("Model", "HiddenSize", "must be from 1 to 16384, but is 0"),
                ("Model", "TieWeights", "needs Model.EmbeddingSize equal to Model.HiddenSize, but they are 5 and 0"),
                ("Optimizer", "LearningRate", "must be a finite number above 0, but is NaN")],
            fault.Faults.Select(f => (f.Group, f.Property, f.Problem)));
        Assert.StartsWith("3 options are wrong: Model.HiddenSize must be from 1 to 16384, but is 0; ", fault.Message,
            StringComparison.Ordinal);
        Assert.All(fault.Faults, f => Assert.Contains(f.ToString(), fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void OneFaultIsTheWholeMessage()
    {
        OptionsException fault = Assert.Throws<OptionsException>(new TextClassifierOptions { Classifier = { ClassBalance = 2 } }.Validate);

        Assert.Equal("Classifier.ClassBalance must be from 0 to 1, but is 2. (Parameter 'options')", fault.Message);
    }

    [Fact]
    public void TheOptionsThatMessagesSpeakOfAreThere()
    {
        foreach (FieldInfo field in typeof(OptionIds).GetFields())
        {
            var option = (OptionId)field.GetValue(null)!;
            PropertyInfo group = typeof(LanguageModelOptions).GetProperty(option.Group)!;
            Assert.NotNull(group.PropertyType.GetProperty(option.Property));
        }
    }

    [Fact]
    public void AMessageBecomesTextInTheWordsOfItsReader()
    {
        OptionMessage message = $"set {OptionIds.Engine.Set(EngineKind.TorchSharp)} or {OptionIds.FallbackToCpu.Set(true)}, "
            + $"{OptionIds.ValidationFraction.Set(0.5)}; " + $"not {EngineKind.Auto}, {1234.5:N1}";

        Assert.Equal("set Device.Engine = TorchSharp or Device.FallbackToCpu = true, Training.ValidationFraction = 0.5; not Auto, 1,234.5",
            message.ToString());
        Assert.Equal("set device.engine: \"torch_sharp\" or device.fallback_to_cpu: true, training.validation_fraction: 0.5; not auto, "
            + "1,234.5", message.Write(new KeyWords()));
    }

    [Fact]
    public void AFaultOfTheDataHasItsPlace()
    {
        var fault = new TextDataException($"no more than {OptionIds.MaxRowLength.Set(5)}", line: 3);

        Assert.Equal("Row 3: no more than Data.MaxRowLength = 5", fault.Message);
        TextDataException within = fault.In("names.csv", 4);
        Assert.Equal("names.csv:4: no more than Data.MaxRowLength = 5", within.Message);
        Assert.Equal(("names.csv", 4), (within.SourceName, within.Line));
        Assert.Same(fault, within.InnerException);
    }
}
