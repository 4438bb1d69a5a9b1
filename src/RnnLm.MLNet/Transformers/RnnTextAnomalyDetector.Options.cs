using RnnLm.Diagnostics;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet;

public sealed partial class RnnTextAnomalyDetector
{
    /// <summary>The columns of an anomaly detector, and which texts it calls anomalies. A name of <see langword="null"/> leaves a column
    /// out.</summary>
    public sealed class Options
    {
        /// <summary>Gets which texts are called anomalies.</summary>
        /// <value>The default value calls one good text in a hundred an anomaly.</value>
        public AnomalyOptions Anomaly { get; init; } = new();

        /// <summary>Gets or sets the text column to check.</summary>
        /// <value>The default value is <see langword="null"/>: the column that the model was trained on; of a model of pairs, that of the
        /// targets.</value>
        public string? InputColumnName { get; set; }

        /// <summary>Gets or sets the text column that a model of pairs reads before the text, without counting it.</summary>
        /// <value>The default value is <see langword="null"/>: none; for the targets of a model of pairs, the column of the inputs.</value>
        public string? ContextColumnName { get; set; }

        /// <summary>Gets or sets the column with the condition. A row is ranked among the held-out rows of its condition, if there are
        /// enough.</summary>
        /// <value>The default value is <see langword="null"/>: that of the model, if it has one.</value>
        public string? ConditionColumnName { get; set; }

        /// <summary>
        /// Gets or sets the column (Boolean, or <see cref="float"/> above 0 for true) of the held-out rows that says which of them are bad.
        /// A missing number (NaN) is refused.
        /// Bad rows choose the threshold, in place of the rate of false positives, where there are any. It is read in calibration only.
        /// </summary>
        /// <value>The default value is <see langword="null"/>: all held-out rows are good.</value>
        public string? LabelColumnName { get; set; }

        /// <summary>Gets or sets the column of <see cref="float"/> to add with <see cref="TextCheck.Score"/>: the higher, the less
        /// plausible the text is for its length.</summary>
        /// <value>The default value is <c>Score</c>, which ML.NET's <c>AnomalyDetection.Evaluate</c> reads.</value>
        public string? ScoreColumnName { get; set; } = "Score";

        /// <summary>Gets or sets the column of <see cref="bool"/> to add with whether the text is an anomaly.</summary>
        /// <value>The default value is <c>PredictedLabel</c>.</value>
        public string? PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>Gets or sets the column of <see cref="float"/> to add with <see cref="TextCheck.PValue"/>: the share of good texts that
        /// are no more plausible.</summary>
        /// <value>The default value is <c>PValue</c>.</value>
        public string? PValueColumnName { get; set; } = "PValue";

        /// <summary>Gets or sets the column of <see cref="int"/> to add with the index in the text at which its least likely character
        /// starts; -1 where nothing is counted.</summary>
        /// <value>The default value is <c>LeastLikelyPosition</c>.</value>
        public string? LeastLikelyPositionColumnName { get; set; } = "LeastLikelyPosition";

        /// <summary>
        /// Gets or sets the text column to add with the likeliest character at that position; empty where the text had better end there,
        /// and where the model has none to suggest.
        /// </summary>
        /// <value>The default value is <c>Suggestion</c>.</value>
        public string? SuggestionColumnName { get; set; } = "Suggestion";

        /// <param name="parameter">The parameter that has the options.</param>
        /// <param name="mode">What the rows of the model are.</param>
        internal void Validate(string parameter, DataMode mode)
        {
            var faults = new OptionFaults();
            TextAnomalyColumns.Table.Check(faults, this);
            Anomaly.Check(faults);
            bool pairs = mode == DataMode.Pairs;
            faults.Require(pairs || ContextColumnName is null, nameof(ContextColumnName),
                $"is '{ContextColumnName}', but the model is of {mode}; only a model of {DataMode.Pairs} reads a context");
            faults.Require(!pairs || InputColumnName is null || ContextColumnName is not null, nameof(ContextColumnName),
                $"is not set, but {new OptionId("", nameof(InputColumnName))} is; a model of {DataMode.Pairs} reads both");
            faults.ThrowIfAny(parameter);
        }
    }
}
