namespace RnnLm.Generation;

/// <summary>A prompt to be continued.</summary>
/// <param name="Prompt">The prompt; may be empty.</param>
/// <param name="RowKey">What the random numbers go by, beside seed, prompt and sample: a row's position or id.</param>
/// <param name="Temperature">The row's own temperature, or <see langword="null"/> for that of the options.</param>
/// <param name="MaxLength">The row's own length, or <see langword="null"/> for that of the options. Where it is below MinLength, that is
/// cut to it.</param>
/// <param name="Condition">The condition, for a model that has them; else -1.</param>
/// <param name="Pattern">The row's own pattern, or <see langword="null"/> for that of the options.</param>
/// <param name="IsKnownByKey">Whether messages name the row by its key; not where they name its line.</param>
/// <param name="Before">Stands for what comes before the text in its row, for whoever judges the text.</param>
internal readonly record struct GenerationRequest(
    ReadOnlyMemory<char> Prompt,
    ulong RowKey = 0,
    double? Temperature = null,
    int? MaxLength = null,
    int Condition = -1,
    string? Pattern = null,
    bool IsKnownByKey = true,
    ulong Before = 0)
{
    /// <summary>Gets what a message says of the row before it says what is wrong.</summary>
    public string OfRow => IsKnownByKey ? $"of the row with key {RowKey} " : "";
}
