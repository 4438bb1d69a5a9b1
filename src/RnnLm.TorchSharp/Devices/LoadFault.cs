namespace RnnLm.TorchSharp;

/// <summary>
/// Finds in the runtime's message about a native library the line that tells something. The runtime lists each place where it looked, one a line; all
/// of them say that the library is not there, but where it is and can't be loaded, one says why: what else is missing, or too old.
/// </summary>
internal static class LoadFault
{
    public static string Summarize(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string what = lines[0].Split(". ")[0].TrimEnd('.');
        string? why = lines.Skip(1).FirstOrDefault(line => !IsAboutThePlace(line));
        return why is null ? what : $"{what}: {why}";
    }

    private static bool IsAboutThePlace(string line)
    {
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        return colon >= 0 && Path.GetFileNameWithoutExtension(line[..colon]).EndsWith("LibTorchSharp", StringComparison.Ordinal)
            && line.EndsWith("No such file or directory", StringComparison.Ordinal);
    }
}
