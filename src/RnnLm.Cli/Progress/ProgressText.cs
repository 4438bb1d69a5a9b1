namespace RnnLm.Cli.Progress;

/// <summary>Words for where training stands.</summary>
internal static class ProgressText
{
    /// <summary>Returns what is worth saying, the most important first.</summary>
    /// <param name="progress">Where training stands.</param>
    /// <param name="epochs">The number of epochs, or 0 where others bound it.</param>
    /// <param name="target">The words for what is predicted.</param>
    public static IEnumerable<string> Parts(TrainingProgress progress, int epochs, TargetWords target)
    {
        yield return epochs > 0 ? $"epoch {progress.Epoch}/{epochs}" : $"epoch {progress.Epoch}";
        yield return $"step {progress.Step:N0}";
        yield return $"loss {progress.Loss:F4}";
        if (progress.ValidationLoss is double validation)
            yield return $"validation {validation:F4}";
        if (target.Quality(progress) is { } quality)
            yield return quality;
        if (progress.PrivacyEpsilon is double epsilon)
            yield return $"epsilon {epsilon:F2}";
        yield return $"{Rate(progress.CharactersPerSecond)} {target.Many}/s";
        if (progress.Remaining is TimeSpan left)
            yield return $"{Time(left)} left";
    }

    public static string Rate(double perSecond) => perSecond switch
    {
        >= 9_999_500 => $"{perSecond / 1e6:F0}M",
        >= 999_500 => $"{perSecond / 1e6:F1}M",
        >= 9_995 => $"{perSecond / 1e3:F0}k",
        >= 999.5 => $"{perSecond / 1e3:F1}k",
        _ => $"{perSecond:F0}",
    };

    public static string Time(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : time.ToString("m\\:ss");

    /// <summary>Puts parts into lines of at most a width.</summary>
    public static IEnumerable<string> Lines(IEnumerable<string> parts, int width, string between = "  ")
    {
        string line = "";
        foreach (string part in parts)
        {
            if (line.Length > 0 && line.Length + between.Length + part.Length > width)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? part : between + part;
        }

        yield return line;
    }
}
