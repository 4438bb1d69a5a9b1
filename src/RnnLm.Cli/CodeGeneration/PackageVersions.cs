using System.Reflection;

namespace RnnLm.Cli.CodeGeneration;

/// <summary>
/// The versions of the packages that generated projects name: that of this build for our own, those of <c>Directory.Packages.props</c> for
/// others.
/// </summary>
internal static class PackageVersions
{
    private const string Key = "PackageVersion:";

    private static readonly Dictionary<string, string> Versions = typeof(PackageVersions).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(attribute => attribute.Key.StartsWith(Key, StringComparison.Ordinal))
        .ToDictionary(attribute => attribute.Key[Key.Length..], attribute => attribute.Value!, StringComparer.Ordinal);

    /// <summary>Returns the version of a package.</summary>
    /// <exception cref="KeyNotFoundException">The build did not record it.</exception>
    public static string Of(string package) => Versions[package];
}
