namespace RnnLm;

/// <summary>In which order the windows of a running text are read.</summary>
public enum WindowOrder
{
    /// <summary>The text is cut into as many lanes as the batch has rows; each lane is read from its start to its end, so that the hidden
    /// state can be carried on.</summary>
    Sequential,

    /// <summary>
    /// Windows begin at every <see cref="LanguageModelDataOptions.WindowStride"/> characters and are read in random order, each from a
    /// fresh state.
    /// </summary>
    Random,
}
