using Microsoft.ML.Runtime;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.Context;

/// <summary>Fills in from <c>MLContext</c> what device options leave open.</summary>
internal static class HostDevices
{
    public static void Fill(IHostEnvironment environment, DeviceOptions options)
    {
        // ML.NET's null stands for the CPU. The managed engine has no other device: where it is asked for by name, the context's GPU is not
        // meant.
        options.Device ??= HostAccess.GetGpuDeviceId(environment) is int id && options.Engine != EngineKind.Managed ? $"cuda:{id}" : "cpu";
        options.FallbackToCpu ??= HostAccess.GetFallbackToCpu(environment);
    }
}
