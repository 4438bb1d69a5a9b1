using RnnLm.Diagnostics;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet;

public sealed partial class RnnTextScorer
{
    /// <summary>The columns of a scorer. A name of <see langword="null"/> leaves a column out.</summary>
    public sealed class Options
    {
        /// <summary>Gets or sets the text column to score.</summary>
        /// <value>The default value is <see langword="null"/>: the column that the model was trained on; of a model of pairs, that of the
        /// targets.</value>
        public string? InputColumnName { get; set; }

        /// <summary>Gets or sets the text column that the model reads before the text, without counting it.</summary>
        /// <value>The default value is <see langword="null"/>: none; for the targets of a model of pairs, the column of the inputs.</value>
        public string? ContextColumnName { get; set; }

        /// <summary>Gets or sets the column with the condition.</summary>
        /// <value>The default value is <see langword="null"/>: that of the model, if it has one.</value>
        public string? ConditionColumnName { get; set; }

        /// <summary>Gets or sets the column of <see cref="float"/> to add with the natural logarithm of the text's probability.</summary>
        /// <value>The default value is <c>LogProbability</c>.</value>
        public string? LogProbabilityColumnName { get; set; } = "LogProbability";

        /// <summary>Gets or sets the column of <see cref="float"/> to add with the mean surprise of a character, in nats.</summary>
        /// <value>The default value is <c>NatsPerCharacter</c>.</value>
        public string? NatsPerCharacterColumnName { get; set; } = "NatsPerCharacter";

        /// <summary>Gets or sets the column of <see cref="float"/> to add with e to the power of the nats per character.</summary>
        /// <value>The default value is <c>Perplexity</c>.</value>
        public string? PerplexityColumnName { get; set; } = "Perplexity";

        /// <summary>Gets or sets the column of <see cref="int"/> to add with the index in the text at which its least likely character
        /// starts.</summary>
        /// <value>The default value is <c>LeastLikelyPosition</c>.</value>
        public string? LeastLikelyPositionColumnName { get; set; } = "LeastLikelyPosition";

        /// <summary>Gets or sets the column of <see cref="int"/> to add with the number of characters counted
        /// (<see cref="TextEvaluation.Count"/>), by which the figures of rows can be summed up.</summary>
        /// <value>The default value is <see langword="null"/>: none.</value>
        public string? CharacterCountColumnName { get; set; }

        /// <summary>
        /// Gets or sets the column of <see cref="float"/> to add with the share of characters that the model does not know, from 0 to 1.
        /// Where it is high, a low perplexity says little.
        /// </summary>
        /// <value>The default value is <see langword="null"/>: none.</value>
        public string? UnknownShareColumnName { get; set; }

        internal void Validate(string parameter)
        {
            var faults = new OptionFaults();
            TextScorerColumns.Table.Check(faults, this);
            faults.ThrowIfAny(parameter);
        }
    }
}
