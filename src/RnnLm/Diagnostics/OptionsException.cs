using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>Options are wrong. The message names each of them.</summary>
public sealed class OptionsException : ArgumentOutOfRangeException, IDescribed
{
    internal OptionsException(IReadOnlyList<OptionFault> faults, string parameterName)
        : base(parameterName, Describe(faults, OptionWords.CSharp)) => Faults = faults;

    internal OptionsException(OptionId option, OptionMessage problem)
        : this([new OptionFault(option, problem)], "options")
    {
    }

    /// <summary>Gets what is wrong, an element for each fault.</summary>
    public IReadOnlyList<OptionFault> Faults { get; }

    string IDescribed.Describe(OptionWords words) => Describe(Faults, words);

    private static string Describe(IReadOnlyList<OptionFault> faults, OptionWords words)
    {
        string all = string.Join("; ", faults.Select(fault => fault.Describe(words)));
        return faults.Count == 1 ? $"{all}." : $"{faults.Count} options are wrong: {all}.";
    }
}
