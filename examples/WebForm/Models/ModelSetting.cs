using System.ComponentModel.DataAnnotations;
using RnnLm;

namespace WebForm.Models;

/// <summary>A model that is served: an entry of the section Models of appsettings.json.</summary>
internal sealed class ModelSetting
{
    /// <summary>Gets or sets the zip, relative to the program.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>Gets how what was typed is completed; each request says how many suggestions it wants.</summary>
    public SuggestOptions Suggest { get; } = new();

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
