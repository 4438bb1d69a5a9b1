namespace RnnLm.ModelFiles;

/// <summary>A member of an ML.NET model: one transformer of its chain.</summary>
/// <param name="Path">Its folder in the zip, such as <c>TransformerChain/Transform_001</c>.</param>
/// <param name="LoaderSignature">What it is, by ML.NET's name for it.</param>
/// <param name="IsOurs">Whether it is one of this library's, with a model in it.</param>
internal sealed record ArchiveMember(string Path, string LoaderSignature, bool IsOurs);
