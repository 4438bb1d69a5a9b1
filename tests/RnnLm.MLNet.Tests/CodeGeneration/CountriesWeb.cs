namespace RnnLm.MLNet.Tests;

/// <summary>A web API of a classifier.</summary>
public sealed class CountriesWeb() : GeneratedProject(
    "countries", "web", "Name,Country\n" + string.Concat(Enumerable.Range(0, 80).Select(i => i % 2 == 0 ? $"sch{i},de\n" : $"ov{i},ru\n")),
    "--task", "classify", "--text-column", "Name", "--label-column", "Country");
