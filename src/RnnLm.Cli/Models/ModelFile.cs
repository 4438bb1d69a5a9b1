using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm.Cli.Models;

/// <summary>Loads models for commands.</summary>
internal static class ModelFile
{
    /// <summary>Loads a language model, and says what of an ML.NET chain is not applied.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where it is to run.</param>
    /// <param name="context">Where that is said.</param>
    public static RnnLanguageModel Load(string path, DeviceOptions device, CommandContext context) =>
        OpenLanguageModel(path, Read(path, context), device, context);

    /// <summary>Loads a classifier, and says what of an ML.NET chain is not applied.</summary>
    public static RnnTextClassifier LoadClassifier(string path, DeviceOptions device, CommandContext context) =>
        OpenClassifier(path, Read(path, context, MemberSignature.TextClassifier), device, context);

    /// <summary>Makes a model that was read ready to write and to score.</summary>
    public static RnnLanguageModel OpenLanguageModel(string path, SavedModel saved, DeviceOptions device, CommandContext context)
    {
        ModelKind.LanguageModel.Require(saved, path);
        return new(new LoadedModel(saved, device, new StatusLog(context)));
    }

    /// <summary>Makes a model that was read ready to classify.</summary>
    public static RnnTextClassifier OpenClassifier(string path, SavedModel saved, DeviceOptions device, CommandContext context)
    {
        ModelKind.Classifier.Require(saved, path);
        return new(new LoadedModel(saved, device, new StatusLog(context)));
    }

    /// <summary>Reads a model, and says what of an ML.NET chain is not applied.</summary>
    /// <param name="path">The file.</param>
    /// <param name="context">Where that is said.</param>
    /// <param name="kind">The kind of model to take where there are several.</param>
    /// <param name="from">The option that names the file, or null.</param>
    public static SavedModel Read(string path, CommandContext context, string kind = MemberSignature.LanguageModel, OptionId? from = null)
    {
        if (!InputFile.Exists(path))
            throw new UsageException($"'{path}' {InputFile.Missing(path)}. Give a model file that rnnlm or ML.NET has saved.", from);
        InputFile.RefuseReadOnce(path);
        string[] others = [.. ModelArchive.Members(path).Where(m => !m.IsOurs).Select(m => m.LoaderSignature)];
        if (others.Length > 0)
            context.Warn($"'{path}' is a chain of ML.NET. Its other members are not applied here: {string.Join(", ", others)}.");
        return ModelArchive.Load(path, kind: kind);
    }

    private sealed class StatusLog(CommandContext context) : IProgress<LogMessage>
    {
        public void Report(LogMessage value)
        {
            if (value.Severity != LogSeverity.Info)
                context.Warn(value.Describe(context.Words));
        }
    }
}
