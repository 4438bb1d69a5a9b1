using Microsoft.Extensions.Options;
using RnnLm;

namespace WebForm.Models;

/// <summary>Finds what is wrong with the settings of models, whatever their files are.</summary>
internal sealed class ModelSettingsCheck : IValidateOptions<ModelSettings>
{
    public ValidateOptionsResult Validate(string? name, ModelSettings options)
    {
        if (options.Count == 0)
            return ValidateOptionsResult.Fail("Models must name at least one model.");
        // The library says what is wrong with options of a model: here of one that forbids nothing of its own.
        using RnnLanguageModel any = RnnLanguageModel.Train([TextRow.Row("ab")], new LanguageModelOptions
        {
            Model = { HiddenSize = 1 },
            Data = { Mode = DataMode.Rows, BatchSize = 1 },
            Training = { MaxSteps = 1, ValidationFraction = 0 },
        });
        string[] faults = [.. options.SelectMany(entry => FindFaults(entry.Key, entry.Value, any))];
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> FindFaults(string name, ModelSetting setting, RnnLanguageModel any)
    {
        if (setting.Path.Length == 0)
            yield return $"Models:{name}:Path must name the model's file.";
        if (setting.Suggest.Count != new SuggestOptions().Count)
            yield return $"Models:{name}:Suggest:Count must be left out: each request says how many suggestions it wants.";
        // A count that is wrong too ends the search for faults before it asks whether the model has a text for the pattern.
        string count = $"Models:{name}:Suggest:Count ";
        foreach (string fault in ModelSetting.FindFaults(name, any, setting.SuggestSome(0)))
        {
            if (!fault.StartsWith(count, StringComparison.Ordinal))
                yield return fault;
        }
    }
}
