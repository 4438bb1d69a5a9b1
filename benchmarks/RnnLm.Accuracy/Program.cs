// Measures what checks and suggestions are worth on rows that the model has not seen, beside simpler means. For example:
//   dotnet run -c Release --project benchmarks/RnnLm.Accuracy -- check articles
//   RNNLM_DATA=~/corpora dotnet run -c Release --project benchmarks/RnnLm.Accuracy -- suggest surnames
// What is measured: check, suggest. Of what: surnames, articles, ean, messages; of check also openssh. Each ends with a line
// RESULT. A third argument names a file for what a split has measured, so that the figures can be computed by other means.

using System.Globalization;
using RnnLm.Accuracy;

string what = args.ElementAtOrDefault(0) ?? "", name = args.ElementAtOrDefault(1) ?? "";
if (what is not ("check" or "suggest") || !Corpus.Names.Contains(name, StringComparer.Ordinal) || args.Length > (what == "check" ? 3 : 2))
{
    Console.Error.WriteLine("Give what is measured, check or suggest, and of which rows: " + string.Join(", ", Corpus.Names) + ".");
    return 2;
}

if (name == "openssh" && what == "check")
{
    Print(LogFigures.Measure());
    return 0;
}

var corpus = Corpus.Find(name);
using var model = corpus.Train();
Print(what == "check" ? CheckFigures.Measure(corpus, model, args.ElementAtOrDefault(2)) : SuggestFigures.Measure(corpus, model));
return 0;

void Print(IEnumerable<(string Key, double Value)> figures) => Console.WriteLine($"RESULT {what} {name} " + string.Join(" ",
    figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key}={figure.Value:0.####}"))));
