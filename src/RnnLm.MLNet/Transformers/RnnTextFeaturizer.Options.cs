using RnnLm.Diagnostics;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet;

public sealed partial class RnnTextFeaturizer
{
    /// <summary>The columns of a featurizer, and which states of the network are the features.</summary>
    public sealed class Options
    {
        /// <summary>Gets or sets the column to add: a vector of <see cref="float"/>.</summary>
        /// <value>The default value is <c>Features</c>.</value>
        public string OutputColumnName { get; set; } = "Features";

        /// <summary>Gets or sets the text column that is read.</summary>
        /// <value>The default value is <see langword="null"/>: the column that the model was trained on.</value>
        public string? InputColumnName { get; set; }

        /// <summary>Gets or sets the column with the condition.</summary>
        /// <value>The default value is <see langword="null"/>: that of the model, if it has one.</value>
        public string? ConditionColumnName { get; set; }

        /// <summary>Gets or sets whether the state after the last character is taken, or the mean or the maximum of the states after
        /// each.</summary>
        /// <value>The default value is <see cref="Pooling.Last"/>.</value>
        public Pooling Pooling { get; set; } = Pooling.Last;

        /// <summary>Gets or sets whether the states of all layers are taken, one after the other, or those of the last layer
        /// alone.</summary>
        /// <value>The default value is <see langword="false"/>.</value>
        public bool AllLayers { get; set; }

        internal void Validate(string parameter)
        {
            var faults = new OptionFaults();
            TextFeaturizerSettings.Table.Check(faults, this);
            faults.Defined(Pooling);
            faults.ThrowIfAny(parameter);
        }
    }
}
