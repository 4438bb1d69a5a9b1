using RnnLm.Diagnostics;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet;

public sealed partial class RnnTextBinaryClassificationTrainer
{
    /// <summary>
    /// Everything that makes a text classifier with Boolean labels, in groups:
    /// <c>new RnnTextBinaryClassificationTrainer.Options { Model = { HiddenSize = 100 }, Training = { Epochs = 20 } }</c>.
    /// </summary>
    public sealed class Options : TextClassifierOptions
    {
        /// <summary>Makes options with the default values.</summary>
        public Options()
        {
        }

        private Options(Options other)
            : base(other)
        {
            BinaryClassifierColumns.Columns.Copy(other, this);
            Threshold = other.Threshold;
        }

        /// <summary>Gets or sets the Boolean column with the labels.</summary>
        /// <value>The default value is <c>Label</c>.</value>
        public string LabelColumnName { get; set; } = "Label";

        /// <summary>Gets or sets the text column to classify.</summary>
        /// <value>The default value is <c>Text</c>.</value>
        public string TextColumnName { get; set; } = "Text";

        /// <summary>Gets or sets the Boolean column to add that says whether the probability is above <see cref="Threshold"/>.</summary>
        /// <value>The default value is <c>PredictedLabel</c>.</value>
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>Gets or sets the column to add with the log-odds of true.</summary>
        /// <value>The default value is <c>Score</c>.</value>
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>Gets or sets the column to add with the probability of true.</summary>
        /// <value>The default value is <c>Probability</c>.</value>
        public string ProbabilityColumnName { get; set; } = "Probability";

        /// <summary>Gets or sets the probability of true, from 0 to 1, above which true is predicted.</summary>
        /// <value>The default value is 0.5.</value>
        public float Threshold { get; set; } = 0.5f;

        internal Options Clone() => new(this);

        internal override void Check(OptionFaults faults)
        {
            base.Check(faults);
            BinaryClassifierColumns.Columns.Check(faults, this);
            faults.Share(Threshold);
        }
    }
}
