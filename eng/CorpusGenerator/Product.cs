namespace CorpusGenerator;

/// <summary>Something that the shop sells.</summary>
/// <param name="Kind">What it is like: which faults it may have, which questions are asked about it.</param>
/// <param name="Name">The noun.</param>
/// <param name="Plural">The noun's plural; <see langword="null"/> for a pair, whose noun is one already.</param>
/// <param name="LeastPrice">The lowest price, in dollars.</param>
/// <param name="MostPrice">The highest price, in dollars.</param>
internal sealed record Product(string Kind, string Name, string? Plural, int LeastPrice, int MostPrice)
{
    public bool IsPair => Plural is null;
}
