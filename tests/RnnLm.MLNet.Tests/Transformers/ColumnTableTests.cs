using System.Reflection;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet.Tests;

/// <summary>Each option that names a column is in the table of its component, under the key by which model files have known it ever
/// since.</summary>
public class ColumnTableTests
{
    [Fact]
    public void ALanguageModelKnowsAllItsColumns() => Check<RnnLanguageModelTrainer.Options>(LanguageModelColumns.Table,
        ("input", "InputColumnName"), ("output", "OutputColumnName"), ("target", "TargetColumnName"), ("condition", "ConditionColumnName"),
        ("row_key", "RowKeyColumnName"), ("temperature", "TemperatureColumnName"), ("max_length", "MaxLengthColumnName"),
        ("pattern", "PatternColumnName"),
        ("finish_reason", "FinishReasonColumnName"), ("log_probability", "LogProbabilityColumnName"),
        ("in_training_data", "InTrainingDataColumnName"));

    [Fact]
    public void AScorerKnowsAllItsColumns() => Check<RnnTextScorer.Options>(TextScorerColumns.Table,
        ("input", "InputColumnName"), ("context", "ContextColumnName"), ("condition", "ConditionColumnName"),
        ("log_probability", "LogProbabilityColumnName"),
        ("nats_per_character", "NatsPerCharacterColumnName"), ("perplexity", "PerplexityColumnName"),
        ("least_likely_position", "LeastLikelyPositionColumnName"), ("character_count", "CharacterCountColumnName"),
        ("unknown_share", "UnknownShareColumnName"));

    [Fact]
    public void AFeaturizerKnowsAllItsColumns() => Check<RnnTextFeaturizer.Options>(TextFeaturizerSettings.Table,
        ("input", "InputColumnName"), ("output", "OutputColumnName"), ("condition", "ConditionColumnName"));

    [Fact]
    public void ASuggesterKnowsAllItsColumns() => Check<RnnTextSuggester.Options>(TextSuggesterSettings.Table,
        ("input", "InputColumnName"), ("condition", "ConditionColumnName"), ("pattern", "PatternColumnName"),
        ("suggestions", "SuggestionsColumnName"), ("probabilities", "ProbabilitiesColumnName"),
        ("completions", "CompletionsColumnName"), ("is_complete", "IsCompleteColumnName"));

    [Fact]
    public void AnAnomalyDetectorKnowsAllItsColumns() => Check<RnnTextAnomalyDetector.Options>(TextAnomalyColumns.Table,
        ("input", "InputColumnName"), ("context", "ContextColumnName"), ("condition", "ConditionColumnName"),
        ("score", "ScoreColumnName"), ("predicted_label", "PredictedLabelColumnName"), ("p_value", "PValueColumnName"),
        ("least_likely_position", "LeastLikelyPositionColumnName"), ("suggestion", "SuggestionColumnName"));

    [Fact]
    public void ATrainerOfAnomalyDetectorsKnowsAllItsColumns() =>
        Check<RnnTextAnomalyDetectionTrainer.Options>(TextAnomalyColumns.TrainerTable,
        ("input", "InputColumnName"), ("condition", "ConditionColumnName"),
        ("score", "ScoreColumnName"), ("predicted_label", "PredictedLabelColumnName"), ("p_value", "PValueColumnName"),
        ("least_likely_position", "LeastLikelyPositionColumnName"), ("suggestion", "SuggestionColumnName"));

    [Fact]
    public void AClassifierKnowsAllItsColumns() => Check<RnnTextClassificationTrainer.Options>(TextClassifierColumns.Columns,
        ("input", "TextColumnName"), ("predicted_label", "PredictedLabelColumnName"), ("score", "ScoreColumnName"));

    [Fact]
    public void ABinaryClassifierKnowsAllItsColumns() => Check<RnnTextBinaryClassificationTrainer.Options>(BinaryClassifierColumns.Columns,
        ("input", "TextColumnName"), ("predicted_label", "PredictedLabelColumnName"), ("score", "ScoreColumnName"),
        ("probability", "ProbabilityColumnName"));

    private static void Check<TOptions>(ColumnTable table, params (string Key, string Name)[] expected)
        where TOptions : class, new()
    {
        TOptions options = new(), copy = new();
        PropertyInfo[] properties =
            [.. typeof(TOptions).GetProperties().Where(property => property.Name.EndsWith("ColumnName", StringComparison.Ordinal))];
        foreach (PropertyInfo property in properties)
            property.SetValue(options, property.Name);
        Assert.Equal(expected, table.NamesOf(options).Select(name => (name.Key, name.Value)));
        Assert.Equal(expected, table.NamesSaved(table.NamesOf(options)).Select(name => (name.Key, name.Value)));

        table.Copy(options, copy);
        Assert.All(properties, property => Assert.Equal(property.Name, property.GetValue(copy)));
    }
}
