using System.CommandLine;
using RnnLm.Cli.Models;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;
using RnnLm.Lanes;

namespace RnnLm.Cli.Commands;

/// <summary>What a command that answers rows was asked for.</summary>
/// <param name="Parse">The command line.</param>
/// <param name="ModelPath">The model.</param>
/// <param name="Options">How rows are read and results written.</param>
/// <param name="Device">Where the model runs.</param>
/// <param name="Condition">The condition of rows that have none of their own, or null.</param>
/// <param name="Context">What is read from and written to.</param>
internal sealed record RowCall(
    ParseResult Parse, string ModelPath, RowOptions Options, DeviceOptions Device, string? Condition, CommandContext Context)
{
    /// <summary>Gets the paths of all files that are read.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Gets the texts that were given on the command line.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Gets whether files of rows, or texts, were named.</summary>
    public bool HasRows { get; init; }

    /// <summary>Gets whether one text was given, which need not be told from others.</summary>
    public bool HasOneText => Texts.Count == 1;

    /// <summary>Gets the number of texts that are computed side by side.</summary>
    public int Lanes => Options.BatchSize ?? LanePool.UsualLanes;

    /// <summary>Loads a language model, and says what of its conditions is not used.</summary>
    /// <exception cref="UsageException">It does not know the condition.</exception>
    public RnnLanguageModel LoadLanguageModel()
    {
        RnnLanguageModel model = ModelFile.Load(ModelPath, Device, Context);
        try
        {
            ConditionNames.Find(model.Conditions, Condition);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Says where texts are taken without a condition though the model has some.</summary>
    /// <param name="task">What answers the rows.</param>
    /// <param name="files">The files of rows.</param>
    public void WarnOfConditions(RowTask task, IReadOnlyList<RowFile> files)
    {
        bool areRead = Options.Conditions || files.Any(file => file.Format != InputFormat.Text);
        if (task.Conditions.Count > 0 && Condition is null && !areRead)
        {
            Context.Warn($"'{ModelPath}' has conditions, and none is given: texts are taken without one. Name one by --condition; where "
                + "lines begin with a condition and a tab, say --conditions.");
        }
    }
}
