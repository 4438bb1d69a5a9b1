namespace RnnLm.TorchSharp.Devices;

/// <summary>Why a native library could not be loaded.</summary>
internal enum LoadCause
{
    /// <summary>It, or a library that it needs, is not there.</summary>
    Missing,

    /// <summary>A library that it needs is of another version.</summary>
    OtherVersion,

    /// <summary>The system's own libraries are too old.</summary>
    OldSystem,
}
