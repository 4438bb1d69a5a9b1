namespace RnnLm.Diagnostics;

/// <summary>What keeps a text from being JSON.</summary>
/// <param name="Line">The line of the text that it stands in, from 1.</param>
/// <param name="Column">The character of the line, from 1; at the end of the text the one after the last.</param>
/// <param name="Near">The text around the place.</param>
/// <param name="Rule">What should be there, or what to do, without a full stop.</param>
internal sealed record JsonSyntaxFault(int Line, int Column, string Near, string Rule)
{
    /// <summary>Gets what is wrong, without the place.</summary>
    public string Problem => $"near '{Near}': {Rule}";

    /// <summary>Says where in its line it stands, and what is wrong.</summary>
    public override string ToString() => FormattableString.Invariant($"at character {Column}, {Problem}");
}
