// Measures the kernels one by one; `rnnlm bench` measures the whole. For example:
//   dotnet run -c Release --project benchmarks/RnnLm.Benchmarks -- --filter '*Step*'
using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
