namespace RnnLm.Modeling;

/// <summary>
/// The weights of a model with further characters, and conditions or labels, behind those that it has. What there is stays as it is, so
/// that what is known keeps its logit; what is new begins as the mean of what there is. A new character or label then has the mean of the
/// known ones' logits, and so at most their mean probability: n new ones beside V take at most n / (n + V) of it.
/// </summary>
internal static class GrownWeights
{
    /// <summary>Returns weights with room for more.</summary>
    /// <param name="weights">The weights; not changed.</param>
    /// <param name="had">The network that they are of.</param>
    /// <param name="config">The network with more characters, conditions or labels.</param>
    /// <param name="specialTokens">The number of tokens before the characters, which tell nothing of new characters.</param>
    public static ModelWeights Of(ModelWeights weights, ModelConfig had, ModelConfig config, int specialTokens)
    {
        var grown = new ModelWeights(config);
        bool classifies = config.Task == ModelTask.Classification;
        foreach (WeightTensor to in grown)
        {
            if (!weights.TryGet(to.Name, out WeightTensor? from))
                Repeat(StartingState.Of(had, weights), to);
            else
                Copy(from, to, IsOfTokens(to.Name) ? specialTokens : 0);
        }

        return grown;

        bool IsOfTokens(string name) => name switch
        {
            "condition.weight" => false,
            "output.weight" or "output.bias" => !classifies,
            _ => true,
        };
    }

    /// <summary>Lets a model's first conditions start where its texts have started without one.</summary>
    private static void Repeat(float[] state, WeightTensor conditions)
    {
        for (int row = 0; row < conditions.Shape[0]; row++)
            state.CopyTo(conditions.Values.AsSpan(row * state.Length));
    }

    /// <summary>Copies a tensor into one that is longer in one dimension, or in none.</summary>
    private static void Copy(WeightTensor from, WeightTensor to, int first)
    {
        int axis = 0;
        while (axis < from.Shape.Length && from.Shape[axis] == to.Shape[axis])
            axis++;
        if (axis == from.Shape.Length)
        {
            from.Values.CopyTo(to.Values, 0);
            return;
        }

        // One-hot input has its characters in columns, all else in rows.
        int outer = axis == 0 ? 1 : from.Shape[0], inner = axis == 0 && from.Shape.Length > 1 ? from.Shape[1] : 1;
        int had = from.Shape[axis], has = to.Shape[axis];
        for (int block = 0; block < outer; block++)
        {
            ReadOnlySpan<float> known = from.Values.AsSpan(block * had * inner, had * inner);   // [had, inner]
            Span<float> all = to.Values.AsSpan(block * has * inner, has * inner);   // [has, inner]
            known.CopyTo(all);
            for (int place = 0; place < inner; place++)
            {
                double sum = 0;
                for (int i = first; i < had; i++)
                    sum += known[(i * inner) + place];
                for (int i = had; i < has; i++)
                    all[(i * inner) + place] = (float)(sum / (had - first));
            }
        }
    }
}
