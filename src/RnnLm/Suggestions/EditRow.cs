namespace RnnLm.Suggestions;

/// <summary>
/// By how many edits a text differs from each beginning of the typed one: a row of the table of Wagner and Fischer (1974), of which only
/// the places count that are no further from the diagonal than there may be edits. Four bits each.
/// </summary>
/// <param name="bits">The costs, from the shortest beginning on.</param>
internal readonly struct EditRow(ulong bits)
{
    private const int Width = 4;
    private const ulong Mask = (1 << Width) - 1;

    public int this[int place] => (int)((bits >> (Width * place)) & Mask);

    /// <summary>Returns the row with a cost set that was 0.</summary>
    public EditRow With(int place, int cost) => new(bits | ((ulong)cost << (Width * place)));
}
