using System.Collections;
using RnnLm.Cli.Sources;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Options;

/// <summary>Refuses options that are set and that only another task has, such as tied weights for a classifier.</summary>
internal static class ForeignOptions
{
    /// <exception cref="OptionsException">Options of another task are set; the message names it.</exception>
    public static void Check(TrainingConfig config)
    {
        var faults = new OptionFaults();
        TrainingConfig standard = Standard(config.Task);
        foreach (ConfigSection section in new TrainingOptionGroups().Sections)
        {
            (object target, object defaults) = (section.Target(config), section.Target(standard));
            foreach (OptionEntry option in section.Group.Entries.Where(option => config.IsSet(option.Id)))
            {
                // In a configuration one that asks for nothing may stay, for its readers.
                bool asks = config.Flags.Contains(option.Id)
                    || !AreSame(option.Property.GetValue(target), option.Property.GetValue(defaults));
                if (!asks || config.Kind.OwnerOf(option) is not { } owner)
                    continue;
                OptionSetting other = SourceIds.Task.Set(owner.Task);
                faults.Add(option.Id, $"is for {owner.Models}, not for {config.Kind.Models}; say {other}, or leave it out");
            }
        }

        faults.ThrowIfAny(nameof(config));
    }

    /// <summary>Returns what holds where nothing is set: the defaults, and rows where the task reads nothing else.</summary>
    private static TrainingConfig Standard(TrainingTask task)
    {
        var standard = new TrainingConfig { Task = task };
        standard.Options.Data.Mode = standard.Mode;
        return standard;
    }

    private static bool AreSame(object? one, object? other) => StructuralComparisons.StructuralEqualityComparer.Equals(one, other);
}
