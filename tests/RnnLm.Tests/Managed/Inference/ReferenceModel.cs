using RnnLm.Modeling;

namespace RnnLm.Tests;

/// <summary>The recurrent networks written out in double precision, one number at a time, from their definitions.</summary>
internal sealed class ReferenceModel(ModelConfig config, ModelWeights weights)
{
    private readonly int _h = config.HiddenSize;

    /// <summary>Returns the initial state of each layer and direction: hidden, and for an LSTM cell.</summary>
    public (double[] Hidden, double[] Cell)[] Start(int condition = -1)
    {
        int perLayer = config.StatesPerLayer * _h;
        var states = new (double[] Hidden, double[] Cell)[config.Layers * config.Directions];
        for (int i = 0; i < states.Length; i++)
        {
            double[] from = new double[2 * _h];
            for (int j = 0; j < perLayer; j++)
            {
                from[j] = condition >= 0 ? weights["condition.weight"].Values[(condition * states.Length * perLayer) + (i * perLayer) + j]
                    : config.InitialState == InitialState.Learned ? weights["initial_state"].Values[(i * perLayer) + j]
                    : config.InitialState == InitialState.Ones && j < _h ? 1 : 0;
            }

            states[i] = (from[.._h], from[_h..]);
        }

        return states;
    }

    /// <summary>Feeds a token to a language model; returns the logits.</summary>
    public double[] Step(int token, (double[] Hidden, double[] Cell)[] states)
    {
        double[] x = Embed(token);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            states[layer] = StepCell(layer, 0, x, states[layer]);
            x = states[layer].Hidden;
        }

        return Linear(states[^1].Hidden);
    }

    /// <summary>Returns a classifier's probabilities for one text.</summary>
    public double[] Classify(IReadOnlyList<int> tokens)
    {
        double[][] x = [.. tokens.Select(Embed)];
        var states = Start();
        for (int layer = 0; layer < config.Layers; layer++)
        {
            double[][] next = [.. x.Select(_ => new double[_h * config.Directions])];
            for (int d = 0; d < config.Directions; d++)
            {
                int index = (layer * config.Directions) + d;
                for (int i = 0; i < x.Length; i++)
                {
                    int t = d == 0 ? i : x.Length - 1 - i;
                    states[index] = StepCell(layer, d, x[t], states[index]);
                    states[index].Hidden.CopyTo(next[t], d * _h);
                }
            }

            x = next;
        }

        double[] pooled = config.Pooling switch
        {
            Pooling.Mean => [.. Enumerable.Range(0, x[0].Length).Select(i => x.Average(v => v[i]))],
            Pooling.Max => [.. Enumerable.Range(0, x[0].Length).Select(i => x.Max(v => v[i]))],
            _ => [.. states[^config.Directions..].SelectMany(s => s.Hidden)],
        };
        double[] exp = [.. Linear(pooled).Select(Math.Exp)];
        return [.. exp.Select(e => e / exp.Sum())];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private double[] Embed(int token)
    {
        if (config.EmbeddingSize > 0)
            return [.. weights["embedding.weight"].Values.AsSpan(token * config.EmbeddingSize, config.EmbeddingSize).ToArray()
                .Select(v => (double)v)];
        double[] oneHot = new double[config.VocabularySize];
        oneHot[token] = 1;
        return oneHot;
    }

    private double[] Linear(double[] x)
    {
        float[] w = weights[config.TieWeights ? "embedding.weight" : "output.weight"].Values, b = weights["output.bias"].Values;
        return [.. b.Select((bias, row) => bias + Dot(w, row, x))];
    }

    private (double[] Hidden, double[] Cell) StepCell(int layer, int direction, double[] x, (double[] Hidden, double[] Cell) state)
    {
        string suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
        float[] wi = weights["rnn.weight_ih" + suffix].Values, wh = weights["rnn.weight_hh" + suffix].Values;
        float[] bi = weights["rnn.bias_ih" + suffix].Values, bh = weights["rnn.bias_hh" + suffix].Values;
        double[] hidden = new double[_h], cell = new double[_h];
        for (int j = 0; j < _h; j++)
        {
            switch (config.Cell)
            {
                case CellType.Lstm:
                    cell[j] = (Sigmoid(In(1, j) + Re(1, j)) * state.Cell[j])
                        + (Sigmoid(In(0, j) + Re(0, j)) * Math.Tanh(In(2, j) + Re(2, j)));
                    hidden[j] = Sigmoid(In(3, j) + Re(3, j)) * Math.Tanh(cell[j]);
                    break;
                case CellType.Gru:
                    double r = Sigmoid(In(0, j) + Re(0, j)), z = Sigmoid(In(1, j) + Re(1, j)), n = Math.Tanh(In(2, j) + (r * Re(2, j)));
                    hidden[j] = ((1 - z) * n) + (z * state.Hidden[j]);
                    break;
                default:
                    double sum = In(0, j) + Re(0, j);
                    hidden[j] = config.Nonlinearity == Nonlinearity.Relu ? Math.Max(sum, 0) : Math.Tanh(sum);
                    break;
            }
        }

        return (hidden, cell);

        double In(int gate, int unit) => bi[(gate * _h) + unit] + Dot(wi, (gate * _h) + unit, x);
        double Re(int gate, int unit) => bh[(gate * _h) + unit] + Dot(wh, (gate * _h) + unit, state.Hidden);
    }

    private static double Dot(float[] matrix, int row, double[] x)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
            sum += matrix[(row * x.Length) + k] * x[k];
        return sum;
    }
}
