using RnnLm.Anomalies;

namespace RnnLm.Accuracy;

/// <summary>
/// Finds two injected lines among 400 of a log that was trained on: of Loghub's sample of OpenSSH the first 1,200 lines are trained on, the
/// next 400 calibrate, and 398 of the last 400 are checked with the two.
/// </summary>
internal static class LogFigures
{
    private static readonly string[] Injected =
    [
        "Dec 10 11:03:12 LabSZ sshd[25512]: Accepted publickey for root from 203.0.113.77 port 40122 ssh2: RSA SHA256:kQ9vX0c1Zt7",
        "Dec 10 11:03:40 LabSZ sshd[25517]: error: buffer_get_ret: trying to get more bytes 4 than in buffer 0",
    ];

    public static IEnumerable<(string Key, double Value)> Measure()
    {
        string[] lines = File.ReadAllLines(Corpus.DataFile("OpenSSH_2k.log"));
        string[] training = lines[..1200], heldOut = lines[1200..1600], normal = lines[^400..^2];
        string[] all = [.. normal[..150], Injected[0], .. normal[150..300], Injected[1], .. normal[300..]];
        var corpus = new Corpus(training, heldOut, Units: 128, BatchSize: 16, Epochs: 20);
        using RnnLanguageModel model = corpus.Train();
        AnomalyDetector detector = model.Calibrate(heldOut.Select(TextRow.Row));
        double[] scores = [.. detector.CheckAll(all.Select(TextRow.Row)).Select(check => check.Score)];
        foreach ((double score, string line) in scores.Zip(all).OrderByDescending(pair => pair.First).Take(6))
            Console.WriteLine(FormattableString.Invariant($"{score,8:F2} {line}"));

        var grams = new NGramModel(training, order: 5);
        var calibration = new Calibration(heldOut.Select(grams.Measure), twoSided: false);
        double[] gramScores = [.. all.Select(line => calibration.Score(grams.Measure(line)))];
        return Injected.SelectMany((line, i) => ((string, double)[])
        [
            ($"rank_{i + 1}", Rank(scores, Array.IndexOf(all, line))), ($"rank_{i + 1}_5gram", Rank(gramScores, Array.IndexOf(all, line))),
        ]).Append(("fpr_1pct", detector.CheckAll(normal.Select(TextRow.Row)).Average(check => check.IsAnomaly ? 1.0 : 0)));
    }

    private static int Rank(double[] scores, int at) => 1 + scores.Count(score => score > scores[at]);
}
