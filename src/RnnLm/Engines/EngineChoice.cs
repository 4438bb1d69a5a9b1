namespace RnnLm.Engines;

/// <summary>An engine, and where it is to run.</summary>
internal sealed record EngineChoice(IEngine Engine, ComputeDevice Device, int Threads);
