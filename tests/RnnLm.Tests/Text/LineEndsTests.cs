using RnnLm.Tests.Training;

namespace RnnLm.Tests.Text;

/// <summary>A text is the same text whatever system's line ends it has: to training, and to every use of a model.</summary>
public sealed class LineEndsTests
{
    private static readonly string[] Ends = ["\n", "\r\n", "\r"];

    private static readonly string Feeds = string.Concat(TinyTraining.Lines.Select((line, i) => line + (i % 7 == 0 ? "\n\n" : "\n")));

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void ARunningTextMakesOneModelHoweverItsLinesEndAndItIsCut(string end)
    {
        using RnnLanguageModel expected = RnnLanguageModel.Train([Feeds], Options(DataMode.Stream));
        LanguageModelOptions options = Options(DataMode.Stream);
        options.Data.RowSeparator = "";

        using RnnLanguageModel model = RnnLanguageModel.Train(Pieces(Feeds.Replace("\n", end)), options);

        Assert.Equal(expected.Vocabulary.Characters, model.Vocabulary.Characters);
        Assert.Equal(expected.TrainingSummary!.ValidationLoss, model.TrainingSummary!.ValidationLoss);
        Assert.All(expected.Saved.Weights, tensor => Assert.Equal(tensor.Values, model.Saved.Weights[tensor.Name].Values));
    }

    [Theory]
    [InlineData(DataMode.Rows)]
    [InlineData(DataMode.Pairs)]
    public void RowsWithLineEndsWithinMakeOneModel(DataMode mode)
    {
        RnnLanguageModel Train(string end, int maximumRowLength = 1000)
        {
            LanguageModelOptions options = Options(mode);
            options.Data.MaxRowLength = maximumRowLength;
            return RnnLanguageModel.Train(TinyTraining.Lines.Select(line => mode == DataMode.Rows
                ? TextRow.Row(Broken(line, end))
                : TextRow.Pair(Broken(line, end), line[..5] + end)), options);
        }

        foreach (int length in (int[])[1000, 12])
        {
            using RnnLanguageModel expected = Train("\n", length);
            foreach (string end in Ends)
            {
                using RnnLanguageModel model = Train(end, length);
                Assert.All(expected.Saved.Weights, tensor => Assert.Equal(tensor.Values, model.Saved.Weights[tensor.Name].Values));
            }
        }
    }

    [Theory]
    [InlineData(DataMode.Stream)]
    [InlineData(DataMode.Rows)]
    [InlineData(DataMode.Pairs)]
    public void AModelReadsLineEndsInUseAsInTraining(DataMode mode)
    {
        LanguageModelOptions options = Options(mode);
        options.Data.KeepTextFilter = true;
        string[] rows = [.. TinyTraining.Lines.Select(line => Broken(line, "\n"))];
        using RnnLanguageModel model =
            RnnLanguageModel.Train(rows.Select(row => mode == DataMode.Pairs ? TextRow.Pair(row, row) : TextRow.Row(row)), options);
        var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        using RnnLanguageModel loaded = RnnLanguageModel.Load(file);
        var sampling = new SamplingOptions { Seed = 1, MaxLength = 20, StopStrings = [".\n"] };
        string text = rows[3];
        TextScore score = model.Score(text);
        string written = model.Generate(text, sampling);
        float[] features = model.Encode(text, Pooling.Mean);

        foreach (string end in Ends)
        {
            string other = text.Replace("\n", end, StringComparison.Ordinal);
            TextScore same = model.Score(other);
            Assert.Equal((score.Count, score.LogProbability, 0), (same.Count, same.LogProbability, same.UnknownCharacters));
            Assert.Equal(features, model.Encode(other, Pooling.Mean));
            var stopping = new SamplingOptions { Seed = 1, MaxLength = 20, StopStrings = ["." + end] };
            Assert.Equal(written, model.Generate(other, stopping));
            Assert.Equal(written, model.Generate(other, new SamplingOptions { Seed = 1, MaxLength = 20, StopStrings = [".\n"] }));
            Assert.All((RnnLanguageModel[])[model, loaded],
                each => Assert.True(mode == DataMode.Pairs || each.TrainingText!.Contains(other)));
            using GenerationSession session = model.StartSession(sampling), pieces = model.StartSession(sampling);
            session.Append(text);
            foreach (char c in other)
                pieces.Append([c]);
            Assert.Equal(0, pieces.UnknownCharacters);
            Assert.Equal(session.NextCharacterProbabilities(), pieces.NextCharacterProbabilities());
            Assert.Equal(session.Generate().Text, pieces.Generate().Text);
        }
    }

    [Fact]
    public void TheLeastLikelyCharacterIsFoundInTheTextAsItWasGiven()
    {
        using RnnLanguageModel model = RnnLanguageModel.Train([Feeds], Options(DataMode.Stream));

        foreach (string end in Ends)
        {
            string text = $"order 1000 was sent{end}on monday.{end}ordQr";
            Assert.Equal(text.IndexOf('Q', StringComparison.Ordinal), model.Score(text).LeastLikelyPosition);
        }
    }

    [Fact]
    public void AClassifierReadsLineEndsAlike()
    {
        LabelledText[] Rows(string end) => [.. TinyTraining.Lines.Select((line, i) =>
            new LabelledText(i % 2 == 0 ? Broken(line, end) : line, i % 2 == 0 ? "broken" : "whole"))];
        TextClassifierOptions Options() => new()
        {
            Model = { Cell = CellType.Gru, HiddenSize = 8, EmbeddingSize = 8 },
            Data = { MaxRowLength = 15 },
            Training = { Epochs = 0, MaxSteps = 10, Seed = 1 },
            Device = { Engine = EngineKind.Managed, Threads = 1 },
        };
        using RnnTextClassifier expected = RnnTextClassifier.Train(Rows("\n"), Options());

        foreach (string end in Ends)
        {
            using RnnTextClassifier model = RnnTextClassifier.Train(Rows(end), Options());
            Assert.All(expected.Saved.Weights, tensor => Assert.Equal(tensor.Values, model.Saved.Weights[tensor.Name].Values));
            Assert.All(Rows("\n").Zip(Rows(end)),
                pair => Assert.Equal(expected.Classify(pair.First.Text).Probabilities, model.Classify(pair.Second.Text).Probabilities));
        }
    }

    [Fact]
    public void LineEndsAreKeptWhereThatIsAskedFor()
    {
        string text = Feeds.Replace("\n", "\r\n", StringComparison.Ordinal);
        LanguageModelOptions given = Options(DataMode.Stream), kept = Options(DataMode.Stream);
        kept.Data.KeepLineEnds = true;
        given.Vocabulary.Characters = string.Concat(text.Distinct());

        foreach (LanguageModelOptions options in (LanguageModelOptions[])[kept, given])
        {
            using RnnLanguageModel model = RnnLanguageModel.Train([text], options);
            Assert.Contains(new System.Text.Rune('\r'), model.Vocabulary.Characters);
            Assert.Equal(text.Length - 1, model.Score(text).Count);
            // Going on with the model, its text is read as it reads it.
            using RnnLanguageModel further = RnnLanguageModel.Train([text], Options(DataMode.Stream), previous: model);
            Assert.Equal(model.Vocabulary.Characters, further.Vocabulary.Characters);
        }
    }

    [Fact]
    public void AModelThatDoesNotKnowTheCarriageReturnCannotKeepIt()
    {
        LanguageModelOptions kept = Options(DataMode.Stream);
        kept.Data.KeepLineEnds = true;
        using RnnLanguageModel model = RnnLanguageModel.Train([Feeds], Options(DataMode.Stream));

        Assert.Contains("does not know the carriage return", Assert.Throws<OptionsException>(() =>
            RnnLanguageModel.Train([Feeds], kept, previous: model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsReadAsLineFeedsIsSaid()
    {
        var log = new List<LogMessage>();
        LanguageModelOptions options = Options(DataMode.Stream);
        options.Training.Log = new Log(log);

        RnnLanguageModel.Train([Feeds.Replace("\n", "\r\n", StringComparison.Ordinal)], options).Dispose();

        LogMessage said = Assert.Single(log, message => message.Text.Contains("line ends", StringComparison.Ordinal));
        Assert.StartsWith($"Read as line feeds: {Feeds.Count(c => c == '\n'):N0} line ends of the training data", said.Text,
            StringComparison.Ordinal);
        Assert.Equal(LogSeverity.Info, said.Severity);
    }

    private static LanguageModelOptions Options(DataMode mode)
    {
        LanguageModelOptions options = TinyTraining.Options(mode);
        (options.Model.HiddenSize, options.Training.MaxSteps) = (12, 8);
        return options;
    }

    /// <summary>Breaks a line in two, within the part that short rows are cut to, and ends it.</summary>
    private static string Broken(string line, string end) => line[..6] + end + line[6..] + end;

    private static IEnumerable<TextRow> Pieces(string text)
    {
        var random = new Random(1);
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = Math.Min(text.Length - at, random.Next(1, 9));
            yield return TextRow.Row(text.AsMemory(at, length));
        }
    }

    private sealed class Log(List<LogMessage> messages) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => messages.Add(value);
    }
}
