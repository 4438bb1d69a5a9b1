using System.Reflection;
using System.Text.Json;
using RnnLm.Cli.Configuration;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.Managed.Training;
using RnnLm.Tests;

namespace RnnLm.Cli.Tests.Configuration;

public class ConfigSchemaTests
{
    // What is no part of a configuration: who watches a run, and bounds that belong to a service.
    private static readonly string[] Elsewhere =
    [
        nameof(TrainingOptions.Progress), nameof(TrainingOptions.Log), nameof(TrainingOptions.CancellationToken),
            nameof(TrainingOptions.OnCancel),
        nameof(TrainingOptions.OverwriteCheckpoint),
        nameof(LanguageModelDataOptions.RowSeparator), nameof(SamplingOptions.MaxLengthLimit), nameof(SamplingOptions.IncludePrompt),
    ];

    [Fact]
    public void TheSchemaInTheRepositoryIsThatOfTheOptions() =>
        Assert.Equal(ConfigSchema.Create(), File.ReadAllText(TestData.InRepository("docs", ConfigSchema.FileName)));

    [Fact]
    public void EveryOptionOfTheLibraryIsAKeyWithItsDefault()
    {
        JsonElement properties = JsonDocument.Parse(ConfigSchema.Create()).RootElement.GetProperty("properties");
        var config = new TrainingConfig();
        foreach (ConfigSection section in new TrainingOptionGroups().Sections)
        {
            object target = section.Target(config);
            JsonElement keys = properties.GetProperty(section.Name).GetProperty("properties");
            foreach (PropertyInfo property in target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.CanWrite && !Elsewhere.Contains(p.Name)))
            {
                JsonElement key = keys.GetProperty(OptionName.KeyOf(property.Name));
                Assert.NotEmpty(key.GetProperty("description").GetString()!);
                Assert.Equal(ConfigSchema.Value(property.GetValue(target))?.ToJsonString() ?? "null",
                    key.GetProperty("default").GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal));
            }
        }

        Assert.Equal(7, typeof(LanguageModelOptions).GetProperties().Length);
    }

    [Fact]
    public void TheConfigurationInTheDocumentationIsOne()
    {
        string page = File.ReadAllText(TestData.InRepository("docs", "scripted-training.md"));
        string json = page.Split("```jsonc\n")[1].Split("```")[0];

        TrainingConfig config = ConfigReader.ReadText(json, "docs");

        config.Check();
        Assert.Equal(("Message", CellType.Gru, 20), (config.Source.TextColumn, config.Options.Model.Cell, config.Options.Training.Epochs));
    }

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        var config = new TrainingConfig { Output = "x.zip", Options = { Training = { Epochs = 10, MaxSteps = 5 } } };
        config.Source.Files = ["ä b.txt", "c\"d.txt"];
        config.Options.Sampling.StopStrings = ["\n", "\\"];
        config.Options.Optimizer.Epsilon = 1e-9;
        config.Options.Data.HiddenState = HiddenStateMode.ZeroEachBatch;

        foreach (string text in (string[])[ConfigWriter.ToText(config, "s"), ConfigWriter.ToLine(config)])
        {
            TrainingConfig read = ConfigReader.ReadText(text, "test");
            Assert.Equal(ConfigWriter.ToLine(config), ConfigWriter.ToLine(read));
            Assert.Equal((10, 5L), (read.Options.Training.Epochs, read.Options.Training.MaxSteps));
            Assert.Equal(config.Source.Files, read.Source.Files);
            Assert.Equal(1e-9, read.Options.Optimizer.Epsilon);
        }
    }
}
