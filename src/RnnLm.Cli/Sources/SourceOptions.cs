using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Sources;

/// <summary>Where the text is, and how it is read.</summary>
internal class SourceOptions
{
    public IReadOnlyList<string> Files { get; set; } = [];

    public IReadOnlyList<string> Validation { get; set; } = [];

    public string? Encoding { get; set; }

    public bool Conditions { get; set; }

    public SourceFormat Format { get; set; } = SourceFormat.Auto;

    public string? TextColumn { get; set; }

    public string? TargetColumn { get; set; }

    public string? ConditionColumn { get; set; }

    public string? LabelColumn { get; set; }

    public string? Separator { get; set; }

    public bool Header { get; set; } = true;

    public bool Quotes { get; set; } = true;

    /// <summary>Gets whether rows have conditions.</summary>
    public bool HasConditions => Conditions || ConditionColumn is not null;

    /// <summary>Tells whether a file is a table.</summary>
    public bool IsTable(string path) => Format switch
    {
        SourceFormat.Auto =>
            (TextColumn ?? TargetColumn ?? ConditionColumn ?? LabelColumn ?? Separator) is not null || Extension(path) == ".csv",
        SourceFormat.Text => false,
        _ => true,
    };

    /// <summary>Gets what stands between the fields of a table.</summary>
    /// <exception cref="OptionsException">The separator is not one character.</exception>
    public char SeparatorOf(string path) => Separator switch
    {
        null => Format == SourceFormat.Tsv || (Format == SourceFormat.Auto && Extension(path) != ".csv") ? '\t' : ',',
        { Length: 1 } => Separator[0],
        _ => throw new OptionsException(SourceIds.Separator, $"must be one character, but is '{Separator}'"),
    };

    /// <summary>Finds the files to train on or to evaluate.</summary>
    /// <param name="inputs">Files and folders.</param>
    /// <param name="warn">Is told what is left out of a folder.</param>
    /// <param name="from">The option that names the files, or null.</param>
    /// <param name="openInput">Opens the standard input, which "-" stands for.</param>
    /// <param name="stop">Ends the waiting for a pipe.</param>
    /// <exception cref="UsageException">A file does not exist, or the encoding is not known.</exception>
    public IReadOnlyList<TextFile> Find(IEnumerable<string> inputs, Action<string>? warn = null, OptionId? from = null,
        Func<Stream>? openInput = null, CancellationToken stop = default) =>
        TextFile.Find(inputs, Encoding is null ? null : TextEncodings.Parse(Encoding), warn, from, openInput, stop);

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();
}
