using RnnLm;

namespace WebForm.Models;

/// <summary>A model in memory. It is disposed when the pool and all requests have released it.</summary>
internal sealed class LoadedModel
{
    private int _holders = 1;

    /// <exception cref="FormatException">The file is damaged.</exception>
    /// <exception cref="ModelFaultException">The file is of another kind, or the model can't do what the setting asks.</exception>
    public LoadedModel(string name, string path, ModelSetting setting)
    {
        Setting = setting;
        Model = Load(path);
        try
        {
            // A setting that is wrong for this model fails here, and not in a request.
            string[] faults = [.. FindFaults(name)];
            if (faults.Length > 0)
                throw new ModelFaultException($"does not go with its settings: {string.Join(" ", faults).TrimEnd('.')}");
            Detector = Model.AnomalyDetector;
        }
        catch
        {
            Model.Dispose();
            throw;
        }
    }

    public ModelSetting Setting { get; }

    public RnnLanguageModel Model { get; }

    /// <summary>Gets what checks texts; null where the zip has no calibration.</summary>
    public AnomalyDetector? Detector { get; }

    public LoadedModel Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Model.Dispose();
    }

    private static RnnLanguageModel Load(string path)
    {
        try
        {
            return RnnLanguageModel.Load(path);
        }
        catch (FormatException) when (IsClassifier(path))
        {
            throw new ModelFaultException("holds a text classifier, not a language model");
        }
    }

    private static bool IsClassifier(string path)
    {
        try
        {
            RnnTextClassifier.Load(path).Dispose();
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private IEnumerable<string> FindFaults(string name)
    {
        string? condition = Setting.Condition;
        if (Model.Conditions.Count == 0 && condition is not null)
            yield return $"Models:{name}:Condition must be left out, as the model has no conditions.";
        else if (Model.Conditions.Count > 0 && !Model.Conditions.Contains(condition, StringComparer.Ordinal))
            yield return $"Models:{name}:Condition must be one of the model's: '{string.Join("', '", Model.Conditions)}'.";
        foreach (string fault in ModelSetting.FindFaults(name, Model, Setting.Suggest))
            yield return fault;
    }
}
