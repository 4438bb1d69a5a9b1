using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.DataSets;

/// <summary>The validators that can be named.</summary>
internal static class NamedValidators
{
    public const string Names = "luhn, iban, ean, ean8, ean13";

    /// <summary>Finds a validator by its name.</summary>
    /// <exception cref="UsageException">There is none of the name.</exception>
    public static Func<string, bool> Find(string name) => name.ToLowerInvariant() switch
    {
        "luhn" => CheckDigits.Luhn,
        "iban" => CheckDigits.Iban,
        "ean" => CheckDigits.Ean,
        "ean8" => text => text.Count(char.IsAsciiDigit) == 8 && CheckDigits.Ean(text),
        "ean13" => text => text.Count(char.IsAsciiDigit) == 13 && CheckDigits.Ean(text),
        _ => throw new UsageException($"--validate: '{name}' is not one of {Names}."),
    };
}
