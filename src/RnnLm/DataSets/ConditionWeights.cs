namespace RnnLm;

/// <summary>How often each condition of a model is drawn.</summary>
public sealed class ConditionWeights
{
    private ConditionWeights(IReadOnlyDictionary<string, double>? given) => ByName = given;

    /// <summary>Gets the weights by which each condition comes as often as among the rows that the model was trained on.</summary>
    public static ConditionWeights Training { get; } = new(null);

    /// <summary>Gets the weights by which each condition comes as often as any other.</summary>
    public static ConditionWeights Uniform { get; } = new(null);

    /// <summary>Gets the weights that were given, or null.</summary>
    internal IReadOnlyDictionary<string, double>? ByName { get; }

    /// <summary>Returns weights of one's own.</summary>
    /// <param name="weights">The weight of each condition, in any unit; those that are left out never come.</param>
    /// <returns>The weights.</returns>
    public static ConditionWeights Given(IReadOnlyDictionary<string, double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new(new Dictionary<string, double>(weights, StringComparer.Ordinal));
    }

    /// <summary>Returns the weights by which there is one condition alone.</summary>
    /// <param name="condition">The condition.</param>
    /// <returns>The weights.</returns>
    public static ConditionWeights Only(string condition) =>
        new(new Dictionary<string, double>(StringComparer.Ordinal) { [condition] = 1 });
}
