using CorpusGenerator;

// dotnet run --project eng/CorpusGenerator -- examples/Quickstart/Data/messages.txt
if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: CorpusGenerator OUTPUT.txt");
    return 2;
}

File.WriteAllText(args[0], Corpus.Write());
return 0;
