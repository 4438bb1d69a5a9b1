using System.Runtime.InteropServices;
using RnnLm.Engines;

namespace RnnLm.TorchSharp.Devices;

/// <summary>Says why a device can't be used, and what to do.</summary>
internal sealed class DeviceCheck(ITorchDevices devices, NativePackages packages)
{
    /// <summary>Says why a device can't be used, or returns <see langword="null"/> where it can. Never throws.</summary>
    public string? WhyUnusable(ComputeDevice device)
    {
        try
        {
            return WhyNoLibTorch() ?? device.Kind switch
            {
                DeviceKind.Cpu => null,
                DeviceKind.Cuda => WhyNoCuda(device.Index),
                DeviceKind.Mps => WhyNoMps(),
                _ => WhyNoCuda(-1) is { } why && WhyNoMps() is not null ? why : null,
            };
        }
        catch (Exception fault) when (fault is ExternalException or InvalidOperationException or NotSupportedException
            or DllNotFoundException or EntryPointNotFoundException)
        {
            return $"libtorch failed when asked about the device: {FirstLine(fault.Message)}";
        }
    }

    /// <summary>Returns the device as TorchSharp's, the first GPU where no index was given.</summary>
    /// <exception cref="DeviceUnavailableException">It can't be used.</exception>
    public torch.Device Resolve(ComputeDevice device)
    {
        if (device.Kind == DeviceKind.Auto)
            throw new ArgumentException("An engine is given the device itself; 'auto' is decided before.", nameof(device));
        if (WhyUnusable(device) is { } why)
            throw new DeviceUnavailableException($"device '{device}' can't be used: {why}");
        return device.Kind switch
        {
            DeviceKind.Cuda => new torch.Device(DeviceType.CUDA, Math.Max(0, device.Index)),
            DeviceKind.Mps => torch.MPS,
            _ => torch.CPU,
        };
    }

    private string? WhyNoLibTorch()
    {
        if (devices.LoadNative() is not { } fault)
            return null;
        return "libtorch, the native library that TorchSharp needs, could not be loaded. "
            + $"{CureOf(LoadFault.CauseOf(fault))} ({FirstLine(fault)})";
    }

    private string CureOf(LoadCause cause)
    {
        if (packages.Cpu is null)
            return "There is no libtorch package for this system and processor; use the managed engine.";
        string older = $"TorchSharp {NativePackages.OldestTorchSharp} with {packages.Cpu}, version {NativePackages.OldestLibTorch}";
        if (packages.IsBroken)
            return $"TorchSharp {packages.TorchSharp} does not load on Windows: take {older}.";
        string choice = $"the package {packages.Cpu}, version {packages.LibTorch}"
            + (packages.Cuda is null ? "" : $", or for an NVIDIA GPU {packages.Cuda}, version {packages.LibTorch}");
        return cause switch
        {
            LoadCause.OldSystem => $"This system is older than TorchSharp {packages.TorchSharp} needs: take a newer one (Debian 13, Ubuntu "
                + $"24.04), or {older}.",
            LoadCause.OtherVersion => $"The libtorch that lies beside TorchSharp {packages.TorchSharp} is of another version than "
                + $"{packages.LibTorch}: take {choice}.",
            _ => $"Add {choice}, to the application; a plug-in is published with it by -p:LibTorch=cpu.",
        };
    }

    private string? WhyNoCuda(int index)
    {
        if (packages.Cuda is null)
            return "There is no libtorch with CUDA for this system.";
        if (!devices.HasCudaBuild)
            return $"The application's libtorch is built for the CPU only. Take the package {packages.Cuda}, version {packages.LibTorch}, "
                + $"in place of {packages.Cpu}.";
        int count = devices.CudaDeviceCount;
        if (count == 0)
            return "libtorch finds no NVIDIA GPU that it can use. See whether nvidia-smi lists one, and whether the driver is recent "
                + $"enough for CUDA {packages.CudaVersion} ({packages.Driver} or later).";
        if (index < count)
            return null;
        return count == 1
            ? $"There is no GPU of index {index}: this machine has one, cuda:0."
            : $"There is no GPU of index {index}: this machine has {count}, cuda:0 to cuda:{count - 1}.";
    }

    private string? WhyNoMps() => devices.IsMpsUsable
        ? null
        : "The device mps is the GPU of Apple processors (macOS on arm64), which this machine does not have or does not let libtorch use.";

    /// <summary>Loaders report every place they looked at; the first line says what for.</summary>
    private static string FirstLine(string message) => message.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd();
}
