using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.DataViews;
using RnnLm.ModelFiles;
using Options = RnnLm.MLNet.RnnTextSuggester.Options;

namespace RnnLm.MLNet.Transformers;

/// <summary>The columns of a suggester in a pipeline, and what it suggests.</summary>
/// <param name="Names">The names of the columns, by the keys of the table.</param>
/// <param name="Suggest">What is suggested.</param>
internal sealed record TextSuggesterSettings(IReadOnlyDictionary<string, string> Names, SuggestOptions Suggest)
{
    private const string PatternKey = "pattern";

    /// <summary>The columns, one a line: its key in model files, its option, and what is read into requests of rows or shown of
    /// suggestions.</summary>
    public static readonly ColumnTable Table = new(
        new InputOption(SavedModel.InputColumn, nameof(Options.InputColumnName),
            name => ColumnKinds.Text.Column(name, "input", (request, text) => request with { Text = text })) { Default = "Text" },
        new InputOption("condition", nameof(Options.ConditionColumnName),
            name => ColumnKinds.Category.Column(name, "condition", (request, condition) => request with { Condition = condition })),
        new InputOption(PatternKey, nameof(Options.PatternColumnName),
            name => ColumnKinds.Text.Column(name, "pattern", (request, pattern) => request with { Pattern = pattern })),
        Each("suggestions", nameof(Options.SuggestionsColumnName), TextDataViewType.Instance, suggestion => suggestion.Text.AsMemory()),
        Each("probabilities", nameof(Options.ProbabilitiesColumnName), NumberDataViewType.Single,
            suggestion => (float)suggestion.Probability),
        Each("completions", nameof(Options.CompletionsColumnName), TextDataViewType.Instance,
            suggestion => suggestion.Completion.AsMemory()),
        new ListOption("is_complete", nameof(Options.IsCompleteColumnName), (name, _) => new(new(name, BooleanDataViewType.Instance),
            current => (ValueGetter<bool>)((ref bool value) => value = current().IsComplete))));

    /// <summary>Gets what is read of a row.</summary>
    public IEnumerable<RequestColumn> ToRead => Table.Inputs(Names).OfType<RequestColumn>();

    /// <summary>Gets the name of the column with the patterns, if there is one.</summary>
    public string? PatternColumn => Names.GetValueOrDefault(PatternKey);

    /// <summary>Gets the columns that are added.</summary>
    public IReadOnlyList<AddedColumn<SuggestionList>> Added =>
        [.. Table.Outputs<ListOption>(Names).Select(column => column.Option.Column(column.Name, Suggest.Count))];

    /// <summary>Takes from the model what options leave to it.</summary>
    public static TextSuggesterSettings FromOptions(Options options, LanguageModelColumns model)
    {
        var named = new Options();
        Table.Copy(options, named);
        named.InputColumnName ??= model.Input;
        named.ConditionColumnName ??= model.Condition;
        return new(Table.NamesOf(named), options.Suggest.Clone());
    }

    public static TextSuggesterSettings FromModel(SavedModel saved) =>
        new(Table.NamesSaved(saved.Columns), SavedSuggestOptions.Read(saved));

    public SavedModel AddTo(SavedModel saved) => saved with
    {
        Columns = Names,
        Metadata = SavedSuggestOptions.AddTo(saved.Metadata, Suggest),
    };

    /// <summary>Makes a column with a value of each suggestion, and the type's default where there are fewer.</summary>
    private static ListOption Each<T>(string key, string option, PrimitiveDataViewType type, Func<Suggestion, T> select) =>
        new(key, option, (name, count) => new(new(name, new VectorDataViewType(type, count)),
            current => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
            {
                SuggestionList suggestions = current();
                VBufferEditor<T> editor = VBufferEditor.Create(ref value, count);
                for (int i = 0; i < count; i++)
                    editor.Values[i] = i < suggestions.Count ? select(suggestions[i]) : default!;
                value = editor.Commit();
            })));

    /// <summary>A column that shows something of suggestions. It is made from its name and the number of suggestions.</summary>
    private sealed record ListOption(string Key, string Option, Func<string, int, AddedColumn<SuggestionList>> Column)
        : OutputOption(Key, Option);
}
