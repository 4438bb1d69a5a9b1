using RnnLm.Diagnostics;
using RnnLm.Engines;

namespace RnnLm;

/// <summary>Where a model is trained and run.</summary>
public sealed class DeviceOptions
{
    /// <summary>Gets or sets the engine.</summary>
    /// <value>The default value is <see cref="EngineKind.Auto"/>.</value>
    [OnResume(mayChange: false)]
    public EngineKind Engine { get; set; } = EngineKind.Auto;

    /// <summary>Gets or sets the device: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>mps</c>.</summary>
    /// <value>The default value is <see langword="null"/>: <c>auto</c>, or in ML.NET what <c>MLContext.GpuDeviceId</c> says.</value>
    [OnResume(mayChange: true)]
    public string? Device { get; set; }

    /// <summary>Gets or sets whether the CPU is taken, with a warning, where the device asked for is not there; else that is an
    /// error.</summary>
    /// <value>The default value is <see langword="null"/>: <see langword="false"/>, or in ML.NET <c>MLContext.FallbackToCpu</c>.</value>
    [OnResume(mayChange: true)]
    public bool? FallbackToCpu { get; set; }

    /// <summary>Gets or sets whether a GPU trains with 16-bit numbers where that is safe (automatic mixed precision). The CPU ignores
    /// it.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    [OnResume(mayChange: false)]
    public bool MixedPrecision { get; set; }

    /// <summary>
    /// Gets or sets the number of threads of the CPU; 0 for as many as there are processors. The managed engine uses fewer where the
    /// machine has fewer processors or a minibatch has work for fewer; its results do not depend on it.
    /// </summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: true)]
    public int Threads { get; set; }

    internal DeviceOptions Clone() => (DeviceOptions)MemberwiseClone();

    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Device");
        faults.Defined(Engine);
        faults.InRange(Threads, 0, 1024);
        bool known = Device is null || ComputeDevice.TryParse(Device, out _);
        faults.Require(known, nameof(Device), $"is '{Device}', which is not known; use auto, cpu, cuda, cuda:N (N = 0, 1, …) or mps");
        faults.Require(!known || Engine != EngineKind.Managed || Device is null || ComputeDevice.Parse(Device).Kind is DeviceKind.Auto
            or DeviceKind.Cpu, nameof(Device),
            $"is '{Device}', but the managed engine runs on the CPU only; use {faults[nameof(Engine)].Set(EngineKind.Auto)} or "
            + $"{EngineKind.TorchSharp} for a GPU");
    }
}
