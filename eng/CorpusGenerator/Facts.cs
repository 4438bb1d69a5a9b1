using System.Globalization;

namespace CorpusGenerator;

/// <summary>What a message is about: who writes, which order, which product, when and for how much. It is drawn once for a message, so that
/// the message agrees with itself.</summary>
internal static class Facts
{
    private static readonly string[] Numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    private static readonly (string Digits, string Word)[] Percentages =
        [("5", "five"), ("10", "ten"), ("15", "fifteen"), ("20", "twenty")];

    public static Dictionary<string, string> Draw(SplitMix64 random)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        AddPeople(facts, random);
        AddNumbers(facts, random);
        AddDates(facts, random);
        AddProduct(facts, random);
        return facts;
    }

    private static void AddPeople(Dictionary<string, string> facts, SplitMix64 random)
    {
        bool woman = random.Next(2) == 0;
        string first = random.Pick(woman ? Catalogue.Women : Catalogue.Men);
        string last = random.Pick(Catalogue.Surnames);
        facts["first"] = first;
        facts["last"] = last;
        facts["title"] = random.Next(12) == 0 ? "Dr" : woman ? random.Pick(["Ms", "Mrs"]) : "Mr";
        facts["agent"] = random.Pick(Catalogue.Agents);
        facts["company"] = random.Pick(Catalogue.Companies);
        facts["town"] = random.Pick(Catalogue.Towns);
        facts["address"] = $"{random.Next(1, 99)} {random.Pick(Catalogue.Streets)}, {facts["town"]}";
        facts["email"] = $"{first}.{last}@{random.Pick(Catalogue.MailDomains)}".ToLowerInvariant();
    }

    private static void AddNumbers(Dictionary<string, string> facts, SplitMix64 random)
    {
        facts["order"] = $"{random.Next(40, 59)}-{random.Next(10_000, 99_999)}";
        facts["invoice"] = $"INV-{random.Next(10_000, 99_999)}";
        facts["return"] = $"R-{random.Next(1_000, 9_999)}";
        facts["parcel"] = $"{random.Next(1_000, 9_999)} {random.Next(1_000, 9_999)}";
        facts["account"] = $"{random.Next(10_000, 99_999)}";
        facts["error"] = $"E{random.Next(1, 30):00}";
        (string digits, string word) = random.Pick(Percentages);
        facts["voucher"] = random.Pick(Catalogue.Vouchers) + digits;
        facts["percent"] = word;
    }

    private static void AddDates(Dictionary<string, string> facts, SplitMix64 random)
    {
        DateOnly ordered = new DateOnly(2025, 1, 1).AddDays(random.Next(330));
        DateOnly due = ordered.AddDays(random.Next(3, 8));
        int late = random.Next(2, 10);
        DateOnly arrived = due.AddDays(random.Next(1, late));
        DateOnly deadline = due.AddDays(late + random.Next(3, 14));
        facts["ordered"] = Day(ordered);
        facts["due"] = Day(due);
        facts["due-day"] = Weekday(due);
        facts["arrived"] = Day(arrived);
        facts["late-days"] = $"{Numbers[late]} days";
        facts["deadline"] = Day(deadline);
        facts["deadline-day"] = Weekday(deadline);
        facts["deadline-eve"] = Day(deadline.AddDays(-1));
        facts["month"] = ordered.AddMonths(-random.Next(2, 8)).ToString("MMMM", CultureInfo.InvariantCulture);
    }

    private static string Day(DateOnly date) => date.ToString("d MMMM", CultureInfo.InvariantCulture);

    private static string Weekday(DateOnly date) => date.ToString("dddd, d MMMM", CultureInfo.InvariantCulture);

    private static void AddProduct(Dictionary<string, string> facts, SplitMix64 random)
    {
        Product product = random.Pick(Catalogue.Products);
        Product other = random.Pick(Catalogue.Products.Where(candidate => candidate != product
            && string.Equals(candidate.Kind, product.Kind, StringComparison.Ordinal)).ToList());
        string brand = random.Pick(Catalogue.Brands);
        int quantity = product.IsPair || random.Next(8) > 0 ? 1 : random.Next(2, 4);
        string noun = quantity > 1 ? product.Plural! : product.Name;
        string count = quantity > 1 ? Numbers[quantity] + " " : "";
        string called = random.Next(3) == 0 ? $"{brand} {noun}" : noun;

        facts["kind"] = product.Kind;
        facts["product"] = noun;
        facts["the-product"] = $"the {noun}";
        facts["the-full"] = $"the {brand} {noun}";
        facts["my-product"] = $"my {count}{called}";
        facts["your-product"] = $"your {count}{called}";
        facts["a-product"] = Some(product, quantity, noun);
        facts["a-full"] = Some(product, quantity, $"{brand} {noun}");
        facts["new-product"] = quantity > 1 ? $"{count}new {noun}" : product.IsPair ? $"a new pair of {noun}" : $"a new {noun}";
        facts["an-other"] = Some(other, 1, other.Name);
        AddAgreement(facts, plural: quantity > 1 || product.IsPair);
        AddPrices(facts, random, product, quantity);

        int colour = random.Next(Catalogue.Colours.Length);
        facts["colour"] = Catalogue.Colours[colour];
        facts["other-colour"] = Catalogue.Colours[(colour + random.Next(1, Catalogue.Colours.Length - 1)) % Catalogue.Colours.Length];
    }

    private static string Some(Product product, int quantity, string noun) =>
        quantity > 1 ? $"{Numbers[quantity]} {noun}"
        : product.IsPair ? $"a pair of {noun}"
        : "aeiouAEIOU".Contains(noun[0], StringComparison.Ordinal) ? $"an {noun}"
        : $"a {noun}";

    private static void AddAgreement(Dictionary<string, string> facts, bool plural)
    {
        facts["it"] = plural ? "they" : "it";
        facts["it-object"] = plural ? "them" : "it";
        facts["its"] = plural ? "their" : "its";
        facts["is"] = plural ? "are" : "is";
        facts["was"] = plural ? "were" : "was";
        facts["has"] = plural ? "have" : "has";
        facts["s"] = plural ? "" : "s";
        facts["es"] = plural ? "" : "es";
    }

    private static void AddPrices(Dictionary<string, string> facts, SplitMix64 random, Product product, int quantity)
    {
        decimal price = random.Next(product.LeastPrice, product.MostPrice) - (random.Next(2) == 0 ? 0.10m : 0.01m);
        decimal total = price * quantity;
        decimal shipping = random.Next(3, 9) + 0.90m;
        decimal excess = random.Next(4, 20) + 0.50m;
        facts["price"] = Dollars(price);
        facts["total"] = Dollars(total);
        facts["shipping"] = Dollars(shipping);
        facts["part-sum"] = Dollars(total - shipping);
        facts["over-sum"] = Dollars(total + excess);
        facts["over-difference"] = Dollars(excess);
    }

    private static string Dollars(decimal sum) => sum.ToString("$0.00", CultureInfo.InvariantCulture);
}
