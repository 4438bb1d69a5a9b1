using RnnLm.Privacy;

namespace RnnLm.Tests.Privacy;

public sealed class PrivacyReportTests
{
    // Letters with marks of their own, and characters of two UTF-16 units.
    private static readonly string[] Letters = ["a", "b", "c", "d", "é", "e\u0301", "😀", "👩‍💻"];

    [Theory]
    [InlineData(1, 2, 6)]
    [InlineData(2, 3, 20)]
    [InlineData(3, 8, 70)]
    [InlineData(4, 8, 200)]
    public void EveryFigureIsThatOfBruteForce(int seed, int letters, int longest)
    {
        var random = new Random(seed);
        string[] training = Texts(random, 80, letters, longest);
        // Copies, near copies and pieces of training rows among texts of their own.
        string[] generated = [.. Texts(random, 60, letters, longest), .. training.Take(7),
            .. training.Skip(7).Take(9).Select(row => "b" + row + "a"), training[0]];
        string[] real = Texts(random, 40, letters, longest);

        PrivacyReport report =
            PrivacyReport.Compare(Rows(training), Rows(generated), Rows(real), new() { NearCopyThreshold = 0.25, Threads = 2 });

        Assert.Equal(training.Length, report.TrainingRows);
        Check(report.Generated, generated);
        Check(report.HeldOut!, real);

        void Check(RowPrivacy set, string[] rows)
        {
            double[] distances = [.. rows.Select(row => BruteForce.Distance(row, training)).Order()];
            double[] runs = [.. rows.Select(row => (double)BruteForce.Run(row, training)).Order()];
            Assert.Equal(rows.Length, set.Rows);
            Assert.Equal(rows.Length, set.Compared);
            Assert.Equal(rows.Count(training.Contains), set.Copies);
            Assert.Equal(rows.Length - rows.Distinct().Count(), set.Repeats);
            Assert.Equal(distances, set.Distances.Values);
            Assert.Equal(runs, set.Runs.Values);
            Assert.Equal(distances.Count(distance => distance <= 0.25), set.NearCopies);
            Assert.Equal(distances.Average(), set.Distances.Mean, 12);
            Assert.Equal(distances[(int)Math.Ceiling(distances.Length * 0.05) - 1], set.Distances.Quantile(0.05));
            Assert.Equal((runs[0], runs[^1]), (set.Runs.Min, set.Runs.Max));
        }
    }

    /// <summary>Chunks end anywhere, down to one row each.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(333)]
    public void WhereAChunkEndsChangesNothing(int length)
    {
        var random = new Random(9);
        string[] training = Texts(random, 60, 5, 30), rows = Texts(random, 60, 5, 30);
        var set = new RowSet("generated", 0, 1);
        Array.ForEach(rows, set.Add);
        var comparison = new RowComparison([set], new PrivacyOptions { Threads = 1 }, length);
        Array.ForEach(training, comparison.AddTraining);
        comparison.Finish();

        Assert.Equal(rows.Select(row => BruteForce.Distance(row, training)), set.Distances);
        Assert.Equal(rows.Select(row => BruteForce.Run(row, training)), set.Runs);
    }

    [Fact]
    public void ThreadsChangeNothing()
    {
        var random = new Random(3);
        string[] training = Texts(random, 300, 4, 25), rows = Texts(random, 200, 4, 25);
        PrivacyReport[] reports =
            [.. ((int[])[1, 2, 7]).Select(threads => PrivacyReport.Compare(Rows(training), Rows(rows), null, new() { Threads = threads }))];

        Assert.All(reports, report => Assert.Equal(reports[0].Generated.Distances.Values, report.Generated.Distances.Values));
        Assert.All(reports, report => Assert.Equal(reports[0].Generated.Runs.Values, report.Generated.Runs.Values));
        Assert.All(reports, report => Assert.Equal(PrivacyComparison.Unknown, report.Comparison));
    }

    [Fact]
    public void ASampleIsOfTheRowsByItsSeedAndCopiesAreCountedOverAll()
    {
        string[] training = [.. Enumerable.Range(0, 100).Select(i => $"row {i}")];
        string[] rows = [.. Enumerable.Range(50, 1000).Select(i => $"row {i}")];
        PrivacyReport first = Of(1), again = Of(1), other = Of(2);

        Assert.Equal((1000, 50, 30), (first.Generated.Rows, first.Generated.Copies, first.Generated.Compared));
        Assert.Equal(first.Generated.Distances.Values, again.Generated.Distances.Values);
        Assert.NotEqual(first.Generated.Distances.Values, other.Generated.Distances.Values);
        // Every row is as likely to be drawn: of 1,000 samples of 30 rows, 5 % are copies.
        Assert.InRange(Enumerable.Range(0, 1000).Sum(seed => Of(seed).Generated.Distances.CountUpTo(0)), 1500 - 160, 1500 + 160);

        PrivacyReport Of(long seed) => PrivacyReport.Compare(Rows(training), Rows(rows), null, new()
        {
            Sample = 30,
            Seed = seed,
            Threads = 1
        });
    }

    [Fact]
    public void GeneratedRowsThatAreTheTrainingRowsAreAllCopies()
    {
        string[] rows = [.. Enumerable.Range(0, 200).Select(i => $"customer {i * 7919 % 10007}")],
            real = [.. Enumerable.Range(0, 200).Select(i => $"Mr {i}, Esq.")];
        PrivacyReport report = PrivacyReport.Compare(Rows(rows), Rows(rows), Rows(real));

        Assert.Equal((1.0, 1.0, 0.0), (report.Generated.CopyShare, report.Generated.NearCopyShare, report.Generated.Distances.Max));
        Assert.Equal(rows.Select(row => (double)row.Length).Order(), report.Generated.Runs.Values);
        Assert.Equal(PrivacyComparison.Closer, report.Comparison);
        Assert.Equal(PrivacyComparison.Farther, PrivacyReport.Compare(Rows(rows), Rows(real), Rows(rows)).Comparison);
        Assert.Equal(PrivacyComparison.Alike, PrivacyReport.Compare(Rows(rows), Rows(rows), Rows(rows)).Comparison);
    }

    /// <summary>The limits of the test of two shares: 30 and 45 of 200 are within chance, 30 and 47 are not (z = 1.92 and 2.16).</summary>
    [Theory]
    [InlineData(45, PrivacyComparison.Alike)]
    [InlineData(47, PrivacyComparison.Closer)]
    public void FewRowsTellLittle(int copies, PrivacyComparison expected)
    {
        string[] training = [.. Enumerable.Range(0, 200).Select(i => $"row {i}")];
        string[] Set(int count) => [.. training.Take(count), .. Enumerable.Repeat("0123456789ABCDEFGH", 200 - count)];

        Assert.Equal(expected, PrivacyReport.Compare(Rows(training), Rows(Set(copies)), Rows(Set(30))).Comparison);
    }

    /// <summary>Where near copies are as frequent by chance, more copies are found all the same; and by the same limits.</summary>
    [Theory]
    [InlineData(45, PrivacyComparison.Alike)]
    [InlineData(47, PrivacyComparison.Closer)]
    public void CopiesAreComparedToo(int copies, PrivacyComparison expected)
    {
        string[] training = [.. Enumerable.Range(0, 200).Select(i => $"customer {i + 1000}")];
        string[] Set(int count) => [.. training.Select((row, i) => i < count ? row : row + "x")];

        PrivacyReport report = PrivacyReport.Compare(Rows(training), Rows(Set(copies)), Rows(Set(30)));
        Assert.Equal((PrivacyComparison.Alike, expected), (report.Comparison, report.CopyComparison));
        Assert.Equal(PrivacyComparison.Farther, PrivacyReport.Compare(Rows(training), Rows(Set(0)), Rows(Set(30))).CopyComparison);
        Assert.Equal(PrivacyComparison.Unknown, PrivacyReport.Compare(Rows(training), Rows(Set(9))).CopyComparison);
    }

    [Fact]
    public void OneRowConditionsPairsLineEndsAndEmptyRows()
    {
        PrivacyReport one = PrivacyReport.Compare([TextRow.Row("kitten")], [TextRow.Row("sitting")]);
        Assert.Equal(3 / 7.0, one.Generated.Distances.Min);
        Assert.Equal(3, one.Generated.Runs.Max);   // "itt"

        PrivacyReport conditions = PrivacyReport.Compare([TextRow.Row("Anna", "it")], [TextRow.Row("Anna", "de")]);
        Assert.Equal(1, conditions.Generated.Copies);

        PrivacyReport pairs =
            PrivacyReport.Compare([TextRow.Pair("1+1", "2")], [TextRow.Pair("1+1", "2"), TextRow.Pair("1+1", "3"), TextRow.Pair("", "")]);
        Assert.Equal((2, 1), (pairs.Generated.Rows, pairs.Generated.Copies));
        Assert.Equal(1 / 5.0, pairs.Generated.Distances.Max);

        PrivacyReport lineEnds = PrivacyReport.Compare(Rows("one\r\ntwo", ""), Rows("one\ntwo", "one\rtwo", ""));
        Assert.Equal((1, 2, 2), (lineEnds.TrainingRows, lineEnds.Generated.Rows, lineEnds.Generated.Copies));
        // No run goes on from one row into the next.
        Assert.Equal(2, PrivacyReport.Compare(Rows("xab", "cdx"), Rows("abcd")).Generated.Runs.Max);
        // Of a letter and its mark, one is changed; and an emoji is one character.
        Assert.Equal(1 / 2.0, PrivacyReport.Compare(Rows("e\u0301"), Rows("é\u0301")).Generated.Distances.Min);
        Assert.Equal(1 / 3.0, PrivacyReport.Compare(Rows("a😀b"), Rows("a😁b")).Generated.Distances.Min);
        Assert.Equal(1, PrivacyReport.Compare(Rows("abc"), Rows("xyz")).Generated.Distances.Min);
    }

    [Fact]
    public void NothingToCompareIsRefused()
    {
        Assert.Contains("no training rows", Assert.Throws<TextDataException>(() => PrivacyReport.Compare(Rows("", ""), Rows("a"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("no generated rows", Assert.Throws<TextDataException>(() => PrivacyReport.Compare(Rows("a"), [])).Message,
            StringComparison.Ordinal);
        Assert.Contains("no held-out rows", Assert.Throws<TextDataException>(() => PrivacyReport.Compare(Rows("a"), Rows("a"), [])).Message,
            StringComparison.Ordinal);
        OptionsException wrong = Assert.Throws<OptionsException>(() => PrivacyReport.Compare([], [], null, new()
        {
            NearCopyThreshold = double.NaN,
            Sample = -1,
            Threads = -1
        }));
        Assert.Equal(["NearCopyThreshold", "Sample", "Threads"], wrong.Faults.Select(fault => fault.Property));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            PrivacyReport.Compare(Rows("a"), Rows("a"), null, new() { CancellationToken = stop.Token }));
    }

    private static string[] Texts(Random random, int count, int letters, int longest) =>
        [.. Enumerable.Range(0, count)
        .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => Letters[random.Next(letters)])))];

    private static IEnumerable<TextRow> Rows(params string[] texts) => texts.Select(TextRow.Row);
}
