using RnnLm;

namespace WebForm.Models;

/// <summary>A model that is lent to one request.</summary>
internal sealed class ModelLease(LoadedModel loaded) : IDisposable
{
    private LoadedModel? _held = loaded;

    public RnnLanguageModel Model { get; } = loaded.Model;

    public AnomalyDetector? Detector { get; } = loaded.Detector;

    public ModelSetting Setting { get; } = loaded.Setting;

    public void Dispose() => Interlocked.Exchange(ref _held, null)?.Release();
}
