using Microsoft.ML.Runtime;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.MLNet.Context;

/// <summary>Makes saved models ready to run where the host wants it. The engine is looked for at first use: loading never fails for want of
/// a GPU.</summary>
internal static class HostModels
{
    public static LoadedModel Open(IHostEnvironment environment, SavedModel saved)
    {
        var device = new DeviceOptions();
        HostDevices.Fill(environment, device);
        return new LoadedModel(saved, device, HostLog.For(environment));
    }
}
