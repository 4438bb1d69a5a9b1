using RnnLm.Diagnostics;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet;

public sealed partial class RnnTextClassificationTrainer
{
    /// <summary>
    /// Everything that makes a text classifier, in groups:
    /// <c>new RnnTextClassificationTrainer.Options { Model = { HiddenSize = 100 }, Training = { Epochs = 20 } }</c>.
    /// </summary>
    public sealed class Options : TextClassifierOptions
    {
        /// <summary>Makes options with the default values.</summary>
        public Options()
        {
        }

        private Options(Options other)
            : base(other) => TextClassifierColumns.Columns.Copy(other, this);

        /// <summary>Gets or sets the column with the labels: a key, a text, a number or a Boolean. Rows whose label is missing are not
        /// trained on.</summary>
        /// <value>The default value is <c>Label</c>.</value>
        public string LabelColumnName { get; set; } = "Label";

        /// <summary>Gets or sets the text column to classify.</summary>
        /// <value>The default value is <c>Text</c>.</value>
        public string TextColumnName { get; set; } = "Text";

        /// <summary>Gets or sets the key column to add with the most likely label.</summary>
        /// <value>The default value is <c>PredictedLabel</c>.</value>
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>Gets or sets the vector column to add with the probability of each label.</summary>
        /// <value>The default value is <c>Score</c>.</value>
        public string ScoreColumnName { get; set; } = "Score";

        internal Options Clone() => new(this);

        internal override void Check(OptionFaults faults)
        {
            base.Check(faults);
            TextClassifierColumns.Columns.Check(faults, this);
        }
    }
}
