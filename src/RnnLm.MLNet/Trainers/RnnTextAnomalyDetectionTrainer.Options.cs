using RnnLm.Diagnostics;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet;

public sealed partial class RnnTextAnomalyDetectionTrainer
{
    /// <summary>
    /// Everything that makes an anomaly detector out of a text column: the groups of a language model, which learns what good rows are
    /// like, and how it is calibrated. A name of <see langword="null"/> leaves a column out.
    /// </summary>
    public sealed class Options : LanguageModelOptions
    {
        /// <summary>Makes options with the default values. <see cref="LanguageModelDataOptions.Mode"/> is <see cref="DataMode.Rows"/>, the
        /// only one that there is for anomalies.</summary>
        public Options() => Data.Mode = DataMode.Rows;

        private Options(Options other)
            : base(other)
        {
            (Anomaly, HeldOutFraction) = (other.Anomaly.Clone(), other.HeldOutFraction);
            TextAnomalyColumns.TrainerTable.Copy(other, this);
        }

        /// <summary>Gets which texts are called anomalies.</summary>
        /// <value>The default value calls one good text in a hundred an anomaly.</value>
        public AnomalyOptions Anomaly { get; init; } = new();

        /// <summary>
        /// Gets or sets the share of the rows that are set aside to calibrate, where no data of their own are given; above 0 and below 1.
        /// The model neither learns from them nor is validated on them; <see cref="TrainingOptions.ValidationFraction"/> is a share of the
        /// others.
        /// </summary>
        /// <value>The default value is 0.1.</value>
        public double HeldOutFraction { get; set; } = 0.1;

        /// <summary>Gets or sets the text column to learn from, and to check.</summary>
        /// <value>The default value is <c>Text</c>.</value>
        public string InputColumnName { get; set; } = "Text";

        /// <summary>Gets or sets the column that the text depends on (text, a key, numbers or Booleans), as surnames depend on a country. A
        /// row is ranked among the held-out rows of its condition, if there are enough.</summary>
        /// <value>The default value is <see langword="null"/>: none.</value>
        public string? ConditionColumnName { get; set; }

        /// <summary>
        /// Gets or sets the column (Boolean, or <see cref="float"/> above 0 for true) that says which rows are known to be bad.
        /// A missing number (NaN) is refused. Bad rows are not learned from; those set aside choose the
        /// threshold, in place of the rate of false positives, where there are any.
        /// </summary>
        /// <value>The default value is <see langword="null"/>: all rows are good.</value>
        public string? LabelColumnName { get; set; }

        /// <inheritdoc cref="RnnTextAnomalyDetector.Options.ScoreColumnName"/>
        public string? ScoreColumnName { get; set; } = "Score";

        /// <inheritdoc cref="RnnTextAnomalyDetector.Options.PredictedLabelColumnName"/>
        public string? PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <inheritdoc cref="RnnTextAnomalyDetector.Options.PValueColumnName"/>
        public string? PValueColumnName { get; set; } = "PValue";

        /// <inheritdoc cref="RnnTextAnomalyDetector.Options.LeastLikelyPositionColumnName"/>
        public string? LeastLikelyPositionColumnName { get; set; } = "LeastLikelyPosition";

        /// <inheritdoc cref="RnnTextAnomalyDetector.Options.SuggestionColumnName"/>
        public string? SuggestionColumnName { get; set; } = "Suggestion";

        internal Options Clone() => new(this);

        internal override void Check(OptionFaults faults)
        {
            base.Check(faults);
            TextAnomalyColumns.TrainerTable.Check(faults, this);
            Anomaly.Check(faults);
            faults.Require(HeldOutFraction is > 0 and < 1, nameof(HeldOutFraction),
                $"must be above 0 and below 1, but is {HeldOutFraction}");
            if (Data.Mode != DataMode.Rows)
            {
                faults.Add(OptionIds.Mode, $"must be {DataMode.Rows}, but is {Data.Mode}; for others train a language model and call "
                    + $"ToAnomalyDetector");
            }
        }
    }
}
