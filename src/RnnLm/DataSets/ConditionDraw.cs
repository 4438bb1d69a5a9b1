using RnnLm.Diagnostics;
using RnnLm.Numerics;

namespace RnnLm.DataSets;

/// <summary>Draws the condition of each row.</summary>
internal sealed class ConditionDraw
{
    private readonly double[] _sums;   // [C]: the weights up to and with each condition

    private ConditionDraw(double[] weights)
    {
        _sums = new double[weights.Length];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
            _sums[i] = sum += weights[i];
    }

    /// <summary>Makes what draws the conditions of a model.</summary>
    /// <param name="column">The column.</param>
    /// <param name="weights">How often each comes.</param>
    /// <param name="faults">Is told why that can't be.</param>
    public static ConditionDraw? Create(GenerateColumn column, ConditionWeights weights, OptionFaults faults)
    {
        RnnLanguageModel model = column.Model;
        int count = model.Conditions.Count;
        double[] values = new double[count];
        if (weights.ByName is { } given)
        {
            foreach ((string name, double weight) in given)
            {
                int condition = model.KnownConditions.Find(name);
                if (condition < 0)
                    return Refuse($"name a condition too many: {model.KnownConditions.Unknown(name).TrimEnd('.')}");
                if (!(weight >= 0) || !double.IsFinite(weight))
                    return Refuse($"must be finite numbers of at least 0, but that of '{name}' is {weight}");
                values[condition] = weight;
            }

            if (values.Sum() is not (> 0 and < double.PositiveInfinity))
                return Refuse("must have a finite sum above 0");
        }
        else if (count == 0)
        {
            return Refuse("are given, but the model has no conditions");
        }
        else if (weights == ConditionWeights.Uniform)
        {
            Array.Fill(values, 1);
        }
        else if (model.ConditionCounts.Count == 0)
        {
            return Refuse("can't be those of the training data: the model does not know how often each condition came there, "
                + "as one that was trained privately never does. "
                + "Give them, or take them as uniform");
        }
        else
        {
            values = [.. model.ConditionCounts.Select(number => (double)number)];
        }

        return new ConditionDraw(values);

        ConditionDraw? Refuse(string fault)
        {
            faults.Add(faults[nameof(GenerateColumn.ConditionWeights)], $"of the column '{column.Name}' {fault}");
            return null;
        }
    }

    /// <summary>Returns the condition of a row.</summary>
    public int Draw(ulong seed, ulong row)
    {
        double place = new CounterRandom(seed, row, RandomPurpose.Conditions).NextDouble() * _sums[^1];
        int found = Array.BinarySearch(_sums, place);
        // The first whose sum is above the place; what has no weight has none.
        int condition = found < 0 ? ~found : found + 1;
        while (condition < _sums.Length - 1 && _sums[condition] <= place)
            condition++;
        return Math.Min(condition, _sums.Length - 1);
    }
}
