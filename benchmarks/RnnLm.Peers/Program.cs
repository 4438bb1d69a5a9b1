// Measures the managed engine beside its peers: in turn, in processes of their own, so that a slow spell of the machine meets all. Prints
// for each model the medians, in characters a second, and the medians of the ratios of the pairs. The peer torchsharp is this library's
// other engine. benchmarks/RnnLm.Peers/compare makes all that it needs.
//   RnnLm.Peers [--rounds 5] [--seconds 3] [--threads 2] [--configs a,b] [--peers pytorch,libtorch,onnxruntime,torchsharp]
//   RnnLm.Peers PEER CONFIG SECONDS THREADS

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RnnLm.Peers;

if (args is ["libtorch" or "onnxruntime", string named, string time, string count])
{
    PeerConfig config = PeerConfig.All.Single(config => config.Name == named);
    return MeasurePeer(args[0], config, double.Parse(time, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
}

int rounds = int.Parse(Option("--rounds", "5"), CultureInfo.InvariantCulture);
string seconds = Option("--seconds", "3"), threads = Option("--threads", "2");
string[] configs = Option("--configs", string.Join(',', PeerConfig.All.Select(config => config.Name))).Split(',');
string[] peers = Option("--peers", "pytorch,libtorch,onnxruntime,torchsharp").Split(',');
string here = AppContext.BaseDirectory, framework = Path.Combine(here, "RnnLm.Peers.dll");
string cli = Path.GetFullPath(here.Replace(Path.Combine("benchmarks", "RnnLm.Peers"), Path.Combine("src", "RnnLm.Cli"),
    StringComparison.Ordinal) + "RnnLm.Cli.dll");
var ours = new Dictionary<(string What, string Config), List<double>>();
var theirs = new Dictionary<(string Peer, string What, string Config), List<(double Theirs, double Ratio)>>();
for (int round = 0; round < rounds; round++)
{
    foreach (string config in configs)
    {
        string[] common = ["--configs", config, "--seconds", seconds, "--threads", threads, "--what", "train,sample"];
        Dictionary<string, double> own = Run("dotnet", [cli, "bench", "--engine", "managed", .. common]);
        foreach ((string what, double rate) in own)
            Add(ours, (what, config), rate);
        foreach (string peer in peers)
        {
            Dictionary<string, double> other = peer switch
            {
                "pytorch" => Run("python3", [Path.Combine(here, "peer_pytorch.py"), .. common]),
                "torchsharp" => Run("dotnet", [cli, "bench", "--engine", "torchsharp", "--device", "cpu", .. common]),
                _ => Run("dotnet", [framework, peer, config, seconds, threads]),
            };
            foreach ((string what, double rate) in other)
                Add(theirs, (peer, what, config), (rate, own[what] / rate));
        }
    }
}

string names = string.Concat(peers.Select(peer => $"{peer,18}         "));
Console.WriteLine($"{"what",-9} {"model",-15} {"RnnLm",12} {names} (medians of {rounds} rounds, {threads} threads)");
foreach (string what in (string[])["train", "sample1", "sample64"])
{
    foreach (string config in configs)
    {
        string cells = string.Concat(peers.Select(peer => Cell(peer, what, config)));
        Console.WriteLine($"{what,-9} {config,-15} {Median(ours[(what, config)]),12:N0} {cells}");
    }

    Console.WriteLine($"{what,-9} {"geometric mean",-15} {"",12} {string.Concat(peers.Select(peer => Mean(peer, what)))}");
}

return 0;

string Option(string name, string standard) =>
    Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : standard;

string Cell(string peer, string what, string config) =>
    theirs.TryGetValue((peer, what, config), out List<(double Theirs, double Ratio)>? pairs)
    ? $"{Median(pairs.Select(pair => pair.Theirs)),18:N0} ({Median(pairs.Select(pair => pair.Ratio)):F2}x) " : new string(' ', 28);

string Mean(string peer, string what)
{
    double[] ratios = [.. configs.Where(config => theirs.ContainsKey((peer, what, config)))
        .Select(config => Median(theirs[(peer, what, config)].Select(pair => pair.Ratio)))];
    return ratios.Length == 0 ? new string(' ', 28) : $"{"",18} ({Math.Exp(ratios.Average(Math.Log)):F2}x) ";
}

static double Median(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}

static void Add<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key, TValue value)
    where TKey : notnull
{
    if (!lists.TryGetValue(key, out List<TValue>? list))
        lists[key] = list = [];
    list.Add(value);
}

// Runs a process, and reads the lines of JSON that it prints.
static Dictionary<string, double> Run(string program, string[] arguments)
{
    var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
    // Some machines pin OpenBLAS to an old kernel; the peer runs at its best.
    start.Environment.Remove("OPENBLAS_CORETYPE");
    start.Environment.Remove("OPENBLAS_L2_SIZE");
    using Process process = Process.Start(start)!;
    string output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
        throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    var rates = new Dictionary<string, double>(StringComparer.Ordinal);
    foreach (string text in output.Split('\n').Where(text => text.StartsWith('{')))
    {
        JsonElement line = JsonDocument.Parse(text).RootElement;
        string batch = line.TryGetProperty("batch", out JsonElement lanes) ? lanes.ToString() : "";
        rates[line.GetProperty("what").GetString() + batch] = line.GetProperty("chars_per_s").GetDouble();
    }

    return rates;
}

static int MeasurePeer(string peer, PeerConfig config, double seconds, int threads)
{
    if (peer == "libtorch")
    {
        using var libtorch = new LibTorchPeer(config, threads);
        Print(new { peer, what = "train", config = config.Name, chars_per_s = libtorch.Train(seconds) });
        foreach (int batch in (int[])[1, 64])
            Print(new { peer, what = "sample", config = config.Name, batch, chars_per_s = libtorch.Sample(batch, seconds) });
    }
    else
    {
        using var onnx = new OnnxRuntimePeer(config, threads);
        foreach (int batch in (int[])[1, 64])
            Print(new { peer, what = "sample", config = config.Name, batch, chars_per_s = onnx.Sample(batch, seconds) });
    }

    return 0;
}

static void Print(object line) => Console.WriteLine(JsonSerializer.Serialize(line));
