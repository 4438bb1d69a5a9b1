using RnnLm;

namespace WebForm.Models;

/// <summary>A model that is served: an entry of the section Models of appsettings.json.</summary>
internal sealed class ModelSetting
{
    /// <summary>Gets or sets the zip, relative to the program.</summary>
    public string Path { get; set; } = "";

    /// <summary>Gets or sets the condition of all texts: one of the model's, where it has any.</summary>
    public string? Condition { get; set; }

    /// <summary>Gets how what was typed is completed; each request says how many suggestions it wants.</summary>
    public SuggestOptions Suggest { get; } = new();

    /// <summary>Returns what is wrong with options of <see cref="Suggest"/> for a model, by the settings' paths.</summary>
    /// <param name="name">The name of this entry.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The options.</param>
    public static IEnumerable<string> FindFaults(string name, RnnLanguageModel model, SuggestOptions options)
    {
        try
        {
            model.StartSuggesting(options).Dispose();
            return [];
        }
        catch (OptionsException exception)
        {
            return exception.Faults.Select(fault => $"Models:{name}:{fault.Group}:{fault.Property} {fault.Problem}.");
        }
    }

    /// <summary>Returns the options for one request.</summary>
    public SuggestOptions SuggestSome(int count) => new()
    {
        Count = count,
        To = Suggest.To,
        Pattern = Suggest.Pattern,
        Typos = Suggest.Typos,
        TypoPenalty = Suggest.TypoPenalty,
        MinProbability = Suggest.MinProbability,
        MaxLength = Suggest.MaxLength,
        MaxSteps = Suggest.MaxSteps,
    };
}
