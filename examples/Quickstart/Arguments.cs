using RnnLm;

namespace Quickstart;

/// <summary>The command line.</summary>
internal sealed class Arguments
{
    public Arguments(string[] args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--device":
                    Device.Device = Value(args, ref i);
                    break;
                case "--engine":
                    string name = Value(args, ref i);
                    Device.Engine = Enum.TryParse(name, ignoreCase: true, out EngineKind engine) ? engine
                        : throw new ArgumentException($"Engine '{name}' is not known. Use auto, managed or torchsharp.");
                    break;
                default:
                    Files.Add(args[i]);
                    break;
            }
        }

        Command = Files.FirstOrDefault() ?? "";
        Files = Files[Math.Min(1, Files.Count)..];
        if (Command is not ("" or "train" or "sample") || (Command == "train" && Files.Count != 2)
            || (Command == "sample" && Files.Count < 2))
            throw new ArgumentException("Usage: Quickstart [train TEXT.txt MODEL.zip | sample MODEL.zip PROMPT...] [--device DEVICE] "
                + "[--engine ENGINE]");
        if (Command == "train" && Path.GetFullPath(Files[0]) == Path.GetFullPath(Files[1]))
            throw new ArgumentException($"{Files[0]} is the text, and is not written over. Name another file for the model.");
    }

    public string Command { get; }

    public List<string> Files { get; } = [];

    public DeviceOptions Device { get; } = new();

    private static string Value(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");
}
