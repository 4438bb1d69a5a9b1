namespace RnnLm.Patterns;

/// <summary>A pattern can't be read or can't be compiled; the message says why and where. Callers say it in their own way.</summary>
internal sealed class PatternException(string message, Exception? inner = null) : Exception(message, inner);
