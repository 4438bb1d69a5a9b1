namespace RnnLm.Tests.Text;

/// <summary>Numbers that standards and others have published as examples.</summary>
public class CheckDigitsTests
{
    [Theory]
    [InlineData("79927398713")]          // Wikipedia, "Luhn algorithm"
    [InlineData("17893729974")]
    [InlineData("4111 1111 1111 1111")]  // payment processors' test cards
    [InlineData("5500-0000-0000-0004")]
    [InlineData("378282246310005")]
    [InlineData("490154203237518")]      // an IMEI
    [InlineData("00")]
    public void LuhnKnowsRightNumbers(string number) => AssertRightAndOneDigitWrong(CheckDigits.Luhn, number);

    [Theory]
    [InlineData("DE89 3704 0044 0532 0130 00")]   // the examples of the IBAN registry
    [InlineData("GB82WEST12345698765432")]
    [InlineData("FR14 2004 1010 0505 0001 3M02 606")]
    [InlineData("NO93 8601 1117 947")]
    [InlineData("MT84 MALT 0110 0001 2345 MTLC AST0 01S")]
    [InlineData("CH93 0076 2011 6238 5295 7")]
    [InlineData("ES91 2100 0418 4502 0005 1332")]
    [InlineData("BR15 0000 0000 0000 1093 2840 814 P 2")]
    [InlineData("SA03 8000 0000 6080 1016 7519")]
    public void IbanKnowsRightNumbers(string number) => AssertRightAndOneDigitWrong(CheckDigits.Iban, number);

    [Theory]
    [InlineData("73513537")]             // EAN-8
    [InlineData("036000291452")]         // UPC-A
    [InlineData("4006381333931")]        // EAN-13
    [InlineData("978-3-16-148410-0")]    // ISBN-13
    [InlineData("15400141288763")]       // GTIN-14
    public void EanKnowsRightNumbers(string number) => AssertRightAndOneDigitWrong(CheckDigits.Ean, number);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("7992739871A")]
    [InlineData("٧٩٩٢٧٣٩٨٧١٣")]
    [InlineData("79927398713.")]
    public void LuhnKnowsNothingElse(string text) => Assert.False(CheckDigits.Luhn(text));

    [Theory]
    [InlineData("")]
    [InlineData("de89370400440532013000")]
    [InlineData("DE89-3704-0044-0532-0130-00")]
    [InlineData("8989370400440532013000")]
    [InlineData("DE8937040")]
    [InlineData("GB00WEST12345698765432")]
    [InlineData("GB82WEST123456987654320000000000000")]
    public void IbanKnowsNothingElse(string text) => Assert.False(CheckDigits.Iban(text));

    /// <summary>The check digits 97, 98 and 02 have twins with the same remainder, 00, 01 and 99, which are never given.</summary>
    [Fact]
    public void AnIbanHasOnePairOfCheckDigits()
    {
        for (int account = 0; account < 500; account++)
        {
            int right = Enumerable.Range(0, 100).Count(check => CheckDigits.Iban($"DE{check:D2}37040044{account:D10}"));
            Assert.Equal(1, right);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("000000000")]
    [InlineData("400638133393")]
    [InlineData("4006381333931a")]
    public void EanKnowsNothingElse(string text) => Assert.False(CheckDigits.Ean(text));

    /// <summary>Each of the three finds every single digit that is wrong.</summary>
    private static void AssertRightAndOneDigitWrong(Func<string, bool> check, string number)
    {
        Assert.True(check(number));
        for (int i = 0; i < number.Length; i++)
        {
            for (char digit = '0'; char.IsDigit(number[i]) && digit <= '9'; digit++)
                Assert.Equal(digit == number[i], check($"{number[..i]}{digit}{number[(i + 1)..]}"));
        }
    }
}
