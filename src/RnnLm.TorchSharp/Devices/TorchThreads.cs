namespace RnnLm.TorchSharp.Devices;

/// <summary>
/// The number of threads that libtorch's CPU kernels use. libtorch keeps it for each calling thread and, as the start of new ones, for the
/// process: so each call into an engine sets its own, and the last one stays.
/// </summary>
internal static class TorchThreads
{
    public static void Use(int threads)
    {
        if (torch.get_num_threads() != threads)
            torch.set_num_threads(threads);
    }
}
