namespace RnnLm;

/// <summary>
/// Tells whether numbers have right check digits, as validators for <see cref="RnnLanguageModel.GenerateValid"/>. That a number is well
/// formed does not say that somebody was given it; neither does it say that nobody was.
/// </summary>
public static class CheckDigits
{
    private const int ShortestIban = 15, LongestIban = 34;

    /// <summary>
    /// Checks a number by Luhn's formula (ISO/IEC 7812): payment cards, IMEIs and many customer numbers. Spaces and hyphens between the
    /// digits do not count.
    /// </summary>
    /// <param name="text">The number, with its check digit at the end.</param>
    /// <returns>Whether it has at least two digits, nothing else, and the right check digit.</returns>
    public static bool Luhn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int sum = 0, count = 0;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] is ' ' or '-')
                continue;
            if (!char.IsAsciiDigit(text[i]))
                return false;
            int digit = text[i] - '0';
            // Every second digit from the right is doubled, and the digits of what comes of it are added up.
            sum += count++ % 2 == 0 ? digit : digit < 5 ? 2 * digit : (2 * digit) - 9;
        }

        return count >= 2 && sum % 10 == 0;
    }

    /// <summary>
    /// Checks an IBAN by its form and its check digits, modulo 97 (ISO 13616). Spaces do not count. How long the numbers of each country
    /// are is not checked: a <see cref="SamplingOptions.Pattern"/> says that.
    /// </summary>
    /// <param name="text">The number, in capitals.</param>
    /// <returns>Whether it is two letters, two digits and 11 to 30 letters and digits, and the check digits are right.</returns>
    public static bool Iban(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string number = text.Replace(" ", "", StringComparison.Ordinal);
        if (number.Length is < ShortestIban or > LongestIban || !number.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)))
            return false;
        if (!char.IsAsciiLetter(number[0]) || !char.IsAsciiLetter(number[1]) || !char.IsAsciiDigit(number[2])
            || !char.IsAsciiDigit(number[3]))
            return false;
        // 00, 01 and 99 have the same remainders as 97, 98 and 02, which are the ones that are given.
        if (number[2..4] is "00" or "01" or "99")
            return false;
        int remainder = 0;
        foreach (char c in number[4..] + number[..4])
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + c - '0') % 97 : ((remainder * 100) + c - 'A' + 10) % 97;
        return remainder == 1;
    }

    /// <summary>
    /// Checks an article number of GS1: EAN-8 (GTIN-8), UPC-A (GTIN-12), EAN-13 (GTIN-13, and ISBN-13) or GTIN-14. Spaces and hyphens
    /// between the digits do not count.
    /// </summary>
    /// <param name="text">The number, with its check digit at the end.</param>
    /// <returns>Whether it has 8, 12, 13 or 14 digits, nothing else, and the right check digit.</returns>
    public static bool Ean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int sum = 0, count = 0;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] is ' ' or '-')
                continue;
            if (!char.IsAsciiDigit(text[i]))
                return false;
            sum += (text[i] - '0') * (count++ % 2 == 0 ? 1 : 3);
        }

        return count is 8 or 12 or 13 or 14 && sum % 10 == 0;
    }
}
