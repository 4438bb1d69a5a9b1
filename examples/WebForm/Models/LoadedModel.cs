using RnnLm;

namespace WebForm.Models;

/// <summary>A model in memory. It is disposed when the pool and all requests have released it.</summary>
internal sealed class LoadedModel
{
    private int _holders = 1;

    /// <exception cref="FormatException">The file is damaged.</exception>
    /// <exception cref="OptionsException">The model can't complete texts as the setting asks.</exception>
    public LoadedModel(string path, ModelSetting setting)
    {
        Setting = setting;
        Model = RnnLanguageModel.Load(path);
        try
        {
            // A setting that is wrong for this model fails here, and not in a request.
            Model.StartSuggesting(setting.Suggest).Dispose();
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
}
