using RnnLm.Diagnostics;
using RnnLm.MLNet.Transformers;

namespace RnnLm.MLNet;

public sealed partial class RnnTextSuggester
{
    /// <summary>The columns of a suggester, and what it suggests. A name of <see langword="null"/> leaves a column out.</summary>
    public sealed class Options
    {
        /// <summary>Gets what is suggested: how many texts, where they end, and how many typos are allowed.</summary>
        /// <value>The default value suggests five texts to the end of a word, without typos.</value>
        public SuggestOptions Suggest { get; init; } = new();

        /// <summary>Gets or sets the text column with the beginnings of texts; of a model of pairs, the inputs.</summary>
        /// <value>The default value is <see langword="null"/>: the column that the model was trained on.</value>
        public string? InputColumnName { get; set; }

        /// <summary>Gets or sets the column with the condition.</summary>
        /// <value>The default value is <see langword="null"/>: that of the model, if it has one.</value>
        public string? ConditionColumnName { get; set; }

        /// <summary>
        /// Gets or sets the text column with a pattern for each row, in place of <see cref="SuggestOptions.To"/> and
        /// <see cref="SuggestOptions.Pattern"/>. A row whose pattern is empty has those of the options.
        /// </summary>
        /// <value>The default value is <see langword="null"/>: none.</value>
        public string? PatternColumnName { get; set; }

        /// <summary>
        /// Gets or sets the column to add with the suggested texts, the most probable first: a vector of text with
        /// <see cref="SuggestOptions.Count"/> slots, the last of which are empty where there are fewer suggestions.
        /// </summary>
        /// <value>The default value is <c>Suggestions</c>.</value>
        public string? SuggestionsColumnName { get; set; } = "Suggestions";

        /// <summary>
        /// Gets or sets the column to add with the probability of each suggestion: a vector of <see cref="float"/> with as many slots, 0
        /// where there is no suggestion.
        /// </summary>
        /// <value>The default value is <c>Probabilities</c>.</value>
        public string? ProbabilitiesColumnName { get; set; } = "Probabilities";

        /// <summary>
        /// Gets or sets the column to add with what each suggestion has after the prefix: a vector of text with as many slots, empty where
        /// the prefix was corrected or there is no suggestion.
        /// </summary>
        /// <value>The default value is <see langword="null"/>: none.</value>
        public string? CompletionsColumnName { get; set; }

        /// <summary>
        /// Gets or sets the column of <see cref="bool"/> to add that says whether the search came to its end
        /// (<see cref="SuggestionList.IsComplete"/>), or was ended by <see cref="SuggestOptions.MaxSteps"/>.
        /// </summary>
        /// <value>The default value is <see langword="null"/>: none.</value>
        public string? IsCompleteColumnName { get; set; }

        internal void Validate(string parameter, DataMode mode)
        {
            var faults = new OptionFaults();
            TextSuggesterSettings.Table.Check(faults, this);
            Suggest.Check(faults, mode);
            faults.ThrowIfAny(parameter);
        }
    }
}
