using System.Diagnostics.CodeAnalysis;

namespace RnnLm;

/// <summary>One row of a language model's data: a text, or a pair of an input and a target; of a running text, the next piece.</summary>
/// <example>
/// <code>
/// IEnumerable&lt;TextRow&gt; messages = File.ReadLines("messages.txt").Select(TextRow.Row);
/// TextRow name = TextRow.Row("Dostoevsky", condition: "Russian"), sum = TextRow.Pair("1+1=?", "2");
/// </code>
/// </example>
public readonly struct TextRow : IEquatable<TextRow>
{
    private TextRow(ReadOnlyMemory<char> text, ReadOnlyMemory<char> target, bool isPair, string? condition) =>
        (Text, Target, IsPair, Condition) = (text, target, isPair, condition);

    /// <summary>Gets the text; of a pair, the input.</summary>
    public ReadOnlyMemory<char> Text { get; }

    /// <summary>Gets whether the row is a pair of an input and a target.</summary>
    public bool IsPair { get; }

    /// <summary>Gets the target of a pair, which may be empty; empty where the row is no pair.</summary>
    public ReadOnlyMemory<char> Target { get; }

    /// <summary>Gets what the text is conditioned on, such as a category; or <see langword="null"/>.</summary>
    public string? Condition { get; }

    /// <summary>Makes a row of a text.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <returns>The row.</returns>
    public static TextRow Row(string text) => Row(text, condition: null);

    /// <summary>Makes a row of a text and its condition.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="condition">What the text is conditioned on; <see langword="null"/> for nothing.</param>
    /// <returns>The row.</returns>
    public static TextRow Row(string text, string? condition)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Row(text.AsMemory(), condition);
    }

    /// <summary>Makes a row of characters in memory. They are read while the row is trained on or scored, and not kept.</summary>
    /// <param name="text">The text.</param>
    /// <param name="condition">What the text is conditioned on; <see langword="null"/> for nothing.</param>
    /// <returns>The row.</returns>
    public static TextRow Row(ReadOnlyMemory<char> text, string? condition = null) => new(text, default, isPair: false, condition);

    /// <summary>Makes a pair, for <see cref="DataMode.Pairs"/>.</summary>
    /// <param name="input">The text that the model reads.</param>
    /// <param name="target">The text that it learns to write after the input; may be empty.</param>
    /// <param name="condition">What the pair is conditioned on; <see langword="null"/> for nothing.</param>
    /// <returns>The row.</returns>
    public static TextRow Pair(string input, string target, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        return Pair(input.AsMemory(), target.AsMemory(), condition);
    }

    /// <summary>Makes a pair of characters in memory, for <see cref="DataMode.Pairs"/>. They are read while the row is trained on or
    /// scored, and not kept.</summary>
    /// <param name="input">The text that the model reads.</param>
    /// <param name="target">The text that it learns to write after the input; may be empty.</param>
    /// <param name="condition">What the pair is conditioned on; <see langword="null"/> for nothing.</param>
    /// <returns>The row.</returns>
    public static TextRow Pair(ReadOnlyMemory<char> input, ReadOnlyMemory<char> target, string? condition = null) =>
        new(input, target, isPair: true, condition);

    /// <summary>Makes a row of a text, as <see cref="Row(string)"/> does.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Row is the method of the same meaning.")]
    public static implicit operator TextRow(string text) => Row(text);

    /// <summary>Says whether two rows have the same characters and condition.</summary>
    public static bool operator ==(TextRow left, TextRow right) => left.Equals(right);

    /// <summary>Says whether two rows differ in a character or in their condition.</summary>
    public static bool operator !=(TextRow left, TextRow right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(TextRow other) => IsPair == other.IsPair && Condition == other.Condition
        && Text.Span.SequenceEqual(other.Text.Span) && Target.Span.SequenceEqual(other.Target.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TextRow other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(string.GetHashCode(Text.Span, StringComparison.Ordinal),
        string.GetHashCode(Target.Span, StringComparison.Ordinal), IsPair, Condition);

    /// <summary>Returns the row as text, for a log or a debugger.</summary>
    public override string ToString() => $"{(Condition is null ? "" : $"[{Condition}] ")}{Text}{(IsPair ? $" → {Target}" : "")}";
}
