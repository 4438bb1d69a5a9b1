using RnnLm.Cli.Options;

namespace RnnLm.Cli.Configuration;

/// <summary>Names of configuration files.</summary>
internal static class ConfigFile
{
    /// <summary>Returns a file's name without folder and extensions.</summary>
    public static string NameOf(string path)
    {
        string name = Path.GetFileName(path);
        return name.EndsWith(TrainingConfig.Extension, StringComparison.OrdinalIgnoreCase)
            ? name[..^TrainingConfig.Extension.Length]
            : Path.GetFileNameWithoutExtension(name);
    }
}
