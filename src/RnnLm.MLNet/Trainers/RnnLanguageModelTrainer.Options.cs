using RnnLm.Diagnostics;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet;

public sealed partial class RnnLanguageModelTrainer
{
    /// <summary>
    /// Everything that makes a language model out of a text column, in groups:
    /// <c>new RnnLanguageModelTrainer.Options { Model = { HiddenSize = 128 }, Training = { Epochs = 3 } }</c>.
    /// </summary>
    public sealed class Options : LanguageModelOptions
    {
        /// <summary>Makes options with the default values.</summary>
        public Options()
        {
        }

        private Options(Options other)
            : base(other) => LanguageModelColumns.Table.Copy(other, this);

        /// <summary>Gets or sets the column with the continuations: text, or a vector of texts where
        /// <see cref="SamplingOptions.NumSamples"/> is above 1.</summary>
        /// <value>The default value is <c>Continuation</c>.</value>
        public string OutputColumnName { get; set; } = "Continuation";

        /// <summary>Gets or sets the text column that is learned from, and continued.</summary>
        /// <value>The default value is <c>Text</c>.</value>
        public string InputColumnName { get; set; } = "Text";

        /// <summary>Gets or sets the text column with the targets, for <see cref="DataMode.Pairs"/>. It is read in training only.</summary>
        /// <value>The default value is <see langword="null"/>.</value>
        public string? TargetColumnName { get; set; }

        /// <summary>Gets or sets the column that steers the text (text, a key, numbers or Booleans), as a country steers surnames. It is
        /// read in training and in use, for <see cref="DataMode.Rows"/> and <see cref="DataMode.Pairs"/>.</summary>
        /// <value>The default value is <see langword="null"/>.</value>
        public string? ConditionColumnName { get; set; }

        /// <summary>Gets or sets the column by which a row's random numbers go: a whole number, a key or a text. A PredictionEngine needs
        /// it to give rows of the same text different continuations.</summary>
        /// <value>The default value is <see langword="null"/>: the row's id in the data view.</value>
        public string? RowKeyColumnName { get; set; }

        /// <summary>Gets or sets the column of <see cref="float"/> with a row's own <see cref="SamplingOptions.Temperature"/>; missing
        /// values stand for that of the options.</summary>
        /// <value>The default value is <see langword="null"/>.</value>
        public string? TemperatureColumnName { get; set; }

        /// <summary>Gets or sets the column of <see cref="int"/> with a row's own <see cref="SamplingOptions.MaxLength"/>.</summary>
        /// <value>The default value is <see langword="null"/>.</value>
        public string? MaxLengthColumnName { get; set; }

        /// <summary>
        /// Gets or sets the text column with a row's own <see cref="SamplingOptions.Pattern"/>; a missing or empty one stands for that of
        /// the options.
        /// </summary>
        /// <value>The default value is <see langword="null"/>.</value>
        public string? PatternColumnName { get; set; }

        /// <summary>Gets or sets the text column to add with why each continuation ended: the name of a
        /// <see cref="FinishReason"/>.</summary>
        /// <value>The default value is <see langword="null"/>: no such column.</value>
        public string? FinishReasonColumnName { get; set; }

        /// <summary>Gets or sets the column of <see cref="float"/> to add with the <see cref="GeneratedText.LogProbability"/> of each
        /// continuation.</summary>
        /// <value>The default value is <see langword="null"/>: no such column.</value>
        public string? LogProbabilityColumnName { get; set; }

        /// <summary>
        /// Gets or sets the column of <see cref="bool"/> to add with whether each continuation, after its prompt, occurs in the training
        /// data, as far as a <see cref="TrainingTextFilter"/> can tell. The model then keeps such a filter.
        /// </summary>
        /// <value>The default value is <see langword="null"/>: no such column.</value>
        public string? InTrainingDataColumnName { get; set; }

        internal Options Clone() => new(this);

        internal override void Check(OptionFaults faults)
        {
            base.Check(faults);
            LanguageModelColumns.Table.Check(faults, this);
            bool pairs = Data.Mode == DataMode.Pairs;
            faults.Require(!pairs || TargetColumnName is not null, nameof(TargetColumnName),
                $"is not set, but {OptionIds.Mode} is {DataMode.Pairs}; name the column with the targets");
            faults.Require(pairs || TargetColumnName is null, nameof(TargetColumnName),
                $"is '{TargetColumnName}', but {OptionIds.Mode} is {Data.Mode}; only {DataMode.Pairs} have targets");
            faults.Require(ConditionColumnName is null || Data.Mode != DataMode.Stream, nameof(ConditionColumnName),
                $"needs {OptionIds.Mode} {DataMode.Rows} or {DataMode.Pairs}; a running text has no conditions");
        }
    }
}
