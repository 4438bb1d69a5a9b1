using System.Text.RegularExpressions;

namespace RnnLm.Accuracy;

/// <summary>
/// What suggestions save, and whether they mend a typo, on rows that are held out; beside what a list of the training rows finds. A
/// sentence is completed word by word, by a list of the training rows' words; other rows as a whole.
/// </summary>
internal static partial class SuggestFigures
{
    private const int Rows = 200, Sentences = 50, Shown = 3;

    public static IEnumerable<(string Key, double Value)> Measure(Corpus corpus, RnnLanguageModel model)
    {
        string[] rows = [.. corpus.HeldOut.Where(row => row.Length >= Shown).Take(corpus.IsProse ? Sentences : Rows)];
        var list = new TrainingList(corpus.IsProse ? corpus.Training.SelectMany(Words) : corpus.Training);
        SuggestTo to = corpus.IsProse ? SuggestTo.Word : SuggestTo.End;
        using SuggestSession session = model.StartSuggesting(new SuggestOptions { Count = Shown, To = to });

        var random = new Random(1);
        (string Typed, string Meant, int Start)[] typos = [.. rows.Select(row => Mistyped(row, corpus, random))];
        var mending = new SuggestOptions { Count = Shown, To = to, Typos = 1 };
        return
        [
            ("rows", rows.Length),
            ("known_rows", rows.Average(row => list.Contains(row) ? 1.0 : 0)),
            ("saved_by_1", Saved(rows, typed => Suggest(typed).Take(1))),
            ("saved_by_3", Saved(rows, Suggest)),
            ("saved_by_1_list", Saved(rows, typed => Complete(typed).Take(1))),
            ("saved_by_3_list", Saved(rows, Complete)),
            ("recall_at_3", Recall(typo => model.Suggest(typo.Typed, mending).Select(suggestion => suggestion.Text))),
            ("recall_at_3_prefix", Recall(typo => list.StartingWith(typo.Typed[typo.Start..]).Select(Whole(typo)))),
            ("recall_at_3_edit_distance", Recall(typo => list.Nearest(typo.Typed[typo.Start..]).Select(Whole(typo)))),
        ];

        IEnumerable<string> Suggest(string typed)
        {
            session.Text = typed;
            return session.Suggest().Select(suggestion => suggestion.Text);
        }

        IEnumerable<string> Complete(string typed)
        {
            int start = corpus.IsProse ? LastWord(typed) : 0;
            return list.StartingWith(typed[start..]).Where(found => found.Length > typed.Length - start).Take(Shown)
                .Select(found => typed[..start] + found);
        }

        double Recall(Func<(string Typed, string Meant, int Start), IEnumerable<string>> find) =>
            typos.Average(typo => find(typo).Take(Shown).Contains(typo.Meant, StringComparer.Ordinal) ? 1.0 : 0);

        static Func<string, string> Whole((string Typed, string Meant, int Start) typo) => found => typo.Typed[..typo.Start] + found;
    }

    /// <summary>Returns the share of keystrokes that are saved when whoever types takes each right suggestion by one key.</summary>
    internal static double Saved(string[] rows, Func<string, IEnumerable<string>> suggest)
    {
        int keys = 0;
        foreach (string row in rows)
        {
            for (string typed = ""; typed.Length < row.Length; keys++)
            {
                string? right = suggest(typed).Where(text => row.StartsWith(text, StringComparison.Ordinal)).MaxBy(text => text.Length);
                typed = right?.Length > typed.Length ? right : row[..(typed.Length + 1)];
            }
        }

        return 1 - (keys / (double)rows.Sum(row => row.Length));
    }

    /// <summary>Makes one mistake: in a row, or in a word of a sentence of which no more than that word is typed.</summary>
    private static (string Typed, string Meant, int Start) Mistyped(string row, Corpus corpus, Random random)
    {
        if (!corpus.IsProse)
            return (Mistake.In(row, corpus.Characters, random), row, 0);
        Match[] words = [.. Word().Matches(row).Where(word => word.Length > Shown)];
        Match chosen = words[random.Next(words.Length)];
        string letters = new([.. corpus.Characters.Where(char.IsAsciiLetterLower)]);
        return (row[..chosen.Index] + Mistake.In(chosen.Value, letters, random), row[..(chosen.Index + chosen.Length)], chosen.Index);
    }

    private static IEnumerable<string> Words(string row) => Word().Matches(row).Select(word => word.Value);

    private static int LastWord(string typed) =>
        Word().Matches(typed).LastOrDefault() is { } last && last.Index + last.Length == typed.Length ? last.Index : typed.Length;

    [GeneratedRegex(@"\w+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
