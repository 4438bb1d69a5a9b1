using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace RnnLm.MLNet.MLNetInternals;

/// <summary>What a component built into ML.NET can ask of its host.</summary>
internal static class HostAccess
{
    /// <summary>Gets the environment that a catalog belongs to.</summary>
    public static IHostEnvironment GetEnvironment(TransformsCatalog.TextTransforms catalog) => CatalogUtils.GetEnvironment(catalog);

    /// <inheritdoc cref="GetEnvironment(TransformsCatalog.TextTransforms)"/>
    public static IHostEnvironment GetEnvironment(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog) =>
        CatalogUtils.GetEnvironment(catalog);

    /// <inheritdoc cref="GetEnvironment(TransformsCatalog.TextTransforms)"/>
    public static IHostEnvironment GetEnvironment(BinaryClassificationCatalog.BinaryClassificationTrainers catalog) =>
        CatalogUtils.GetEnvironment(catalog);

    /// <inheritdoc cref="GetEnvironment(TransformsCatalog.TextTransforms)"/>
    public static IHostEnvironment GetEnvironment(AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog) =>
        CatalogUtils.GetEnvironment(catalog);

    /// <inheritdoc cref="GetEnvironment(TransformsCatalog.TextTransforms)"/>
    public static IHostEnvironment GetEnvironment(DataOperationsCatalog catalog) => CatalogUtils.GetEnvironment(catalog);

    /// <summary>Gets the seed that the context was made with, if any.</summary>
    public static int? GetSeed(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>Gets the GPU that the context was told to use; null for the CPU.</summary>
    public static int? GetGpuDeviceId(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.GpuDeviceId;

    /// <summary>Gets whether the context was told to take the CPU where its GPU is not there.</summary>
    public static bool GetFallbackToCpu(IHostEnvironment environment) => environment is IHostEnvironmentInternal { FallbackToCpu: true };

    /// <summary>Gets whether the context's execution was cancelled. The flag never goes down again.</summary>
    public static bool IsCanceled(IHost host) => host is ICancelable { IsCanceled: true };
}
