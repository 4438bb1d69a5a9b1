namespace RnnLm.TorchSharp.Devices;

/// <summary>
/// Reads the runtime's message about a native library that can't be loaded. It lists each place where the runtime looked, one a line. Most
/// lines say that the library is not there; where it is there, one line says what else is missing or too old.
/// </summary>
internal static class LoadFault
{
    /// <summary>Finds the line that tells something.</summary>
    public static string Summarize(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string what = lines[0].Split(". ")[0].TrimEnd('.');
        string? why = lines.Skip(1).FirstOrDefault(line => !IsAboutThePlace(line));
        return why is null ? what : $"{what}: {why}";
    }

    /// <summary>Finds the cause in the summary.</summary>
    public static LoadCause CauseOf(string summary)
    {
        bool Says(string part) => summary.Contains(part, StringComparison.OrdinalIgnoreCase);
        // glibc: version `GLIBCXX_3.4.32' not found; macOS: "built for macOS 14.0 which is newer than running OS".
        if ((Says("version `GLIBC") && Says("not found")) || Says("newer than running OS"))
            return LoadCause.OldSystem;
        // glibc, macOS, Windows (error 127).
        return Says("undefined symbol") || Says("symbol not found") || Says("procedure could not be found")
            ? LoadCause.OtherVersion
            : LoadCause.Missing;
    }

    private static bool IsAboutThePlace(string line)
    {
        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        return colon >= 0 && Path.GetFileNameWithoutExtension(line[..colon]).EndsWith("LibTorchSharp", StringComparison.Ordinal)
            && line.EndsWith("No such file or directory", StringComparison.Ordinal);
    }
}
