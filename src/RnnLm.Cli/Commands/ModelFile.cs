namespace RnnLm.Cli;

/// <summary>Loads models for commands.</summary>
internal static class ModelFile
{
    /// <summary>Loads a language model, and says what of an ML.NET chain is not applied.</summary>
    public static RnnLanguageModel Load(string path, DeviceOptions device, CommandContext context)
    {
        SavedModel saved = Read(path, context);
        if (saved.Config.Task != ModelTask.LanguageModel)
            throw new FormatException($"'{path}' holds a text classifier, not a language model.");
        return new RnnLanguageModel(new LoadedModel(saved, device, new StatusLog(context)));
    }

    /// <summary>Reads a model, and says what of an ML.NET chain is not applied.</summary>
    public static SavedModel Read(string path, CommandContext context)
    {
        if (!File.Exists(path))
            throw new UsageException($"'{path}' does not exist. Give a model file that rnnlm or ML.NET has saved.");
        string[] others = [.. ModelArchive.Members(path).Where(m => !m.IsOurs).Select(m => m.LoaderSignature)];
        if (others.Length > 0)
            context.Say($"warning: '{path}' is a chain of ML.NET. Its other members are not applied here: {string.Join(", ", others)}.");
        return ModelArchive.Load(path);
    }

    private sealed class StatusLog(CommandContext context) : IProgress<LogMessage>
    {
        public void Report(LogMessage value)
        {
            if (value.Severity != LogSeverity.Info)
                context.Say($"{value.Severity.ToString().ToLowerInvariant()}: {value.Text}");
        }
    }
}
