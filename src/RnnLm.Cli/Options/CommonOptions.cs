using System.CommandLine;
using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Options;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static OptionGroup<DeviceOptions> Device() => new OptionGroup<DeviceOptions>("Device")
        .Add(o => o.Engine, "engine that computes")
        .Add(o => o.Device, "auto, cpu, cuda, cuda:N or mps")
        .Add(o => o.FallbackToCpu, "take the CPU where the device is not there")
        .Add(o => o.Threads, "threads of the CPU; 0 for all");

    public static OptionGroup<SourceOptions> Encoding() => new OptionGroup<SourceOptions>("Files")
        .Add(o => o.Encoding,
            "encoding of the text, such as utf-16, latin1 or windows-1252; without it by its byte order mark, else utf-8");

    public static Option<bool> Json(string what) => new("--json") { Description = what };

    public static Option<string?> Positive() => new("--positive")
    {
        Description = "which label of two is the positive one [the second of the model; True of True and False]",
        HelpName = "LABEL"
    };

    public static Argument<string> Model() => new("MODEL") { Description = "model file, a zip" };
}
