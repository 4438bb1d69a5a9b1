using System.Globalization;

namespace RnnLm.Engines;

/// <summary>A device by PyTorch's spelling: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>mps</c>.</summary>
/// <param name="Kind">The kind of device.</param>
/// <param name="Index">The index of the GPU, from 0; -1 where none was named (the first).</param>
internal readonly record struct ComputeDevice(DeviceKind Kind, int Index = -1)
{
    /// <summary>A GPU where there is one, else the CPU.</summary>
    public static ComputeDevice Auto => new(DeviceKind.Auto);

    /// <summary>The processor.</summary>
    public static ComputeDevice Cpu => new(DeviceKind.Cpu);

    /// <summary>Reads PyTorch's spelling of a device.</summary>
    /// <param name="text"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>mps</c>, in any case.</param>
    /// <returns>The device.</returns>
    /// <exception cref="ArgumentException"><paramref name="text"/> is none of these.</exception>
    public static ComputeDevice Parse(string text) =>
        TryParse(text, out ComputeDevice device)
            ? device
            : throw new ArgumentException($"Device '{text}' is not known. Use auto, cpu, cuda, cuda:N (N = 0, 1, …) or mps.", nameof(text));

    /// <summary>Reads PyTorch's spelling of a device, or says that it is none.</summary>
    /// <returns>Whether <paramref name="text"/> names a device.</returns>
    public static bool TryParse(string? text, out ComputeDevice device)
    {
        device = default;
        string name = text?.Trim().ToLowerInvariant() ?? "";
        switch (name)
        {
            case "auto": device = Auto; return true;
            case "cpu": device = Cpu; return true;
            case "cuda": device = new(DeviceKind.Cuda); return true;
            case "mps": device = new(DeviceKind.Mps); return true;
        }

        if (!name.StartsWith("cuda:", StringComparison.Ordinal)
            || !int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return false;
        device = new(DeviceKind.Cuda, index);
        return true;
    }

    /// <summary>Returns PyTorch's spelling.</summary>
    public override string ToString() => Kind.ToString().ToLowerInvariant() + (Index >= 0 ? $":{Index}" : "");
}
