using RnnLm.Generation;

namespace RnnLm.MLNet.Transformers;

/// <summary>The answer to a row that was continued.</summary>
internal readonly record struct Continuation(string Prompt, GenerationResult Result);
