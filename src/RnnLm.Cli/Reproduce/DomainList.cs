using System.Security.Cryptography;
using System.Text;
using RnnLm.Anomalies;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Reproduce;

/// <summary>Names of domains that people registered, and of domains that machines made, without what is in both or there twice.</summary>
internal sealed class DomainList
{
    public const string BenignFile = "benign.txt", FamiliesFile = "families.tsv";

    // Of 256: a fifth is tested, and a tenth of the rest of the benign domains is held out.
    private const int TestBytes = 51, HeldOutBytes = 26;

    private readonly Dictionary<string, (string Family, byte[] Hash)> _domains = new(StringComparer.Ordinal);

    private DomainList()
    {
    }

    /// <summary>Gets the number of lines that were left out because the domain was there before.</summary>
    public int Repeated { get; private set; }

    /// <summary>Gets the number of domains that were left out because both files have them.</summary>
    public int Contradicting { get; private set; }

    /// <summary>Gets the domains to train on; a family of null stands for those of people.</summary>
    public IEnumerable<(string Domain, string? Family)> Training => Of(hash => hash[0] >= TestBytes);

    /// <summary>Gets the domains to test.</summary>
    public IEnumerable<(string Domain, string? Family)> Test => Of(hash => hash[0] < TestBytes);

    /// <summary>Gets those of people among <see cref="Training"/> that a detector of anomalies learns from, and those that it is calibrated
    /// on.</summary>
    public (string[] Learned, string[] HeldOut) Benign =>
        ([.. OfPeople(hash => hash[1] >= HeldOutBytes)], [.. OfPeople(hash => hash[1] < HeldOutBytes)]);

    /// <summary>Reads both files.</summary>
    /// <exception cref="TextDataException">A line is malformed; the message names it.</exception>
    public static DomainList Read(string benign, string families)
    {
        var list = new DomainList();
        foreach ((string line, int number) in Lines(benign))
            list.Add(Check(line, "Give one domain a line, without a rank", benign, number), family: "", benign, number);
        foreach ((string line, int number) in Lines(families))
        {
            string[] cells = line.Split('\t');
            if (cells.Length != 2 || cells[0].Trim().Length == 0)
                throw new TextDataException("this line is not a family's name, a tab and a domain.", families, number);
            list.Add(Check(cells[1], "Give the family's name, a tab and a domain", families, number), cells[0].Trim(), families, number);
        }

        string[] contradicting = [.. list._domains.Where(pair => pair.Value.Hash.Length == 0).Select(pair => pair.Key)];
        list.Contradicting = contradicting.Length;
        foreach (string domain in contradicting)
            list._domains.Remove(domain);
        list.Require(benign, family => family.Length == 0);
        list.Require(families, family => family.Length > 0);
        return list;
    }

    /// <summary>Makes sure, before anything is trained, that enough domains are held out to calibrate a detector of anomalies.</summary>
    /// <param name="path">The file with the domains that people registered.</param>
    /// <exception cref="TextDataException">There are too few.</exception>
    public void RequireHeldOut(string path)
    {
        int heldOut = Benign.HeldOut.Length, needed = CalibrationData.RowsFor(new AnomalyOptions().FalsePositiveRate);
        if (heldOut < needed)
        {
            throw new TextDataException($"of this file, {Counted.Of(heldOut, "domain")} would be held out, to calibrate the detector of "
                + $"anomalies, but that takes {needed}. Give more; a few thousand are a beginning.", path);
        }
    }

    private IEnumerable<(string, string?)> Of(Func<byte[], bool> isWanted) => _domains.Where(pair => isWanted(pair.Value.Hash))
        .Select(pair => (pair.Key, pair.Value.Family.Length == 0 ? null : pair.Value.Family));

    private IEnumerable<string> OfPeople(Func<byte[], bool> isWanted) => _domains
        .Where(pair => pair.Value.Family.Length == 0 && pair.Value.Hash[0] >= TestBytes && isWanted(pair.Value.Hash))
        .Select(pair => pair.Key);

    private static IEnumerable<(string Line, int Number)> Lines(string path) => File.ReadLines(path)
        .Select((line, index) => (line, index + 1)).Where(line => !string.IsNullOrWhiteSpace(line.line));

    private static string Check(string text, string advice, string path, int line)
    {
        string domain = text.Trim().TrimEnd('.').ToLowerInvariant();
        bool isDomain = domain.Length is > 0 and <= 253 && domain.Contains('.', StringComparison.Ordinal)
            && domain.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(IsOfName));
        string shown = text.Length <= 80 ? text : text[..80] + "…";
        return isDomain ? domain : throw new TextDataException($"'{shown}' is no domain. {advice}.", path, line);

        static bool IsOfName(char character) => char.IsLetterOrDigit(character) || character is '-' or '_';
    }

    private void Add(string domain, string family, string path, int line)
    {
        if (!_domains.TryGetValue(domain, out (string Family, byte[] Hash) before))
            _domains.Add(domain, (family, HashOf(domain)));
        else if (before.Family.Length == 0 != (family.Length == 0))
            _domains[domain] = (before.Family, []);
        else
            Repeated++;
    }

    /// <summary>
    /// Returns what decides which part a domain is in: a hash of its longest label, so that example.com and www.example.de are in the same
    /// one.
    /// </summary>
    private static byte[] HashOf(string domain) => SHA256.HashData(Encoding.UTF8.GetBytes(domain.Split('.').MaxBy(label => label.Length)!));

    private void Require(string path, Func<string, bool> isIn)
    {
        int training = 0, test = 0;
        foreach ((string family, byte[] hash) in _domains.Values.Where(value => isIn(value.Family)))
            _ = hash[0] < TestBytes ? test++ : training++;
        if (training == 0 || test == 0)
        {
            throw new TextDataException($"this file gives {Counted.Of(training, "domain")} to train on and {test} to test. Give more; a "
                + "few thousand are a beginning.", path);
        }
    }
}
