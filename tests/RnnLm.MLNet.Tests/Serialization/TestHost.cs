using System.Text.Json;

namespace RnnLm.MLNet.Tests;

/// <summary>Runs the program that loads a model in a process of its own.</summary>
internal static class TestHost
{
    public static Dictionary<string, string[]> Run(string model, IEnumerable<string> prompts) =>
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(ChildProcess.Run("tests/RnnLm.MLNet.TestHost", "",
        [model, .. prompts]).Result)!;
}
