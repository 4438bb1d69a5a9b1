using RnnLm.TorchSharp.Memory;
using System.Runtime.InteropServices;

namespace RnnLm.TorchSharp.Devices;

/// <summary>The devices of this machine, asked of libtorch.</summary>
internal sealed class TorchDevices : ITorchDevices
{
    private static readonly Lazy<string?> NativeFault = new(Load);

    public string? LoadNative() => NativeFault.Value;

    public bool HasCudaBuild => NativeLibrary.TryLoad("torch_cuda", typeof(torch).Assembly, null, out _);

    public int CudaDeviceCount => torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    public bool IsMpsUsable
    {
        get
        {
            if (!torch.mps_is_available())
                return false;
            // TorchSharp only looks at the processor; whether Metal is there (it is not in many virtual machines) shows in the first use.
            using DisposeScope scope = torch.NewDisposeScope();
            return torch.ones(1, device: torch.MPS).Plus(1).cpu().item<float>() == 2;
        }
    }

    /// <summary>TorchSharp prints what it tried to the console where loading fails; trying first keeps the console clean.</summary>
    private static string? Load()
    {
        try
        {
            NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);
            if (EagerLoader.WhyNot("LibTorchSharp") is { } fault)
                return fault;
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            torch.InitializeDeviceType(DeviceType.CPU);
            using torch.Tensor probe = torch.zeros(1);
            return null;
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException or NotSupportedException
            or TypeInitializationException or EntryPointNotFoundException)
        {
            return LoadFault.Summarize(fault.Message);
        }
    }
}
