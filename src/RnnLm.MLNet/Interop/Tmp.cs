using Microsoft.ML;
using Microsoft.ML.Runtime;
namespace RnnLm.MLNet;
internal static class Tmp { public static int? Seed(IHostEnvironment e) => (e as IHostEnvironmentInternal)?.Seed; public static VersionInfo V() => new("ABCDEFGH", 1,1,1, "x"); }
